import { createSecretKey, randomBytes, type KeyObject } from 'node:crypto';
import { Secret } from '../../secret/secret.ts';
import type { Credential } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import { closeBox, openBox } from './box.ts';
import { broken, decodeVault, encodeVault, FORMAT, type VaultBody, type VaultRecord } from './vault-body.ts';
import { deriveKey, newScrypt, scryptDefaults, type ScryptCost, type VaultKey } from './vault-key.ts';

/** Without `.` and `..`, which no reference reaches. */
const NAME = /^(?!(.*\/)?\.{1,2}(\/|$))[\w.-]{1,64}(\/[\w.-]{1,64}){0,7}$/;
const FIELD = /^[\w.-]{1,64}$/;
const MAX_FIELDS = 64;
const MAX_FIELD_BYTES = 65_536;

const aboutKey = (scrypt: VaultBody['scrypt']) => [FORMAT, 'data key', scrypt];
const aboutRecord = ({ name, version }: Pick<VaultRecord, 'name' | 'version'>) => [
  FORMAT,
  'record',
  name,
  version,
];

function checkNames(name: string, credential: Credential): void {
  const fields = Object.entries(credential);
  const wrong =
    (!NAME.test(name) &&
      'a name has 1 to 8 parts of letters, digits, ".", "_" and "-", with slashes between them') ||
    ((fields.length < 1 || fields.length > MAX_FIELDS) && `a credential has 1 to ${MAX_FIELDS} fields`) ||
    (fields.some(([field]) => !FIELD.test(field)) &&
      'a field has 1 to 64 letters, digits, ".", "_" and "-"') ||
    (fields.some(([, secret]) => secret.bytes().length > MAX_FIELD_BYTES) &&
      `a field has at most ${MAX_FIELD_BYTES} bytes`);
  if (wrong) throw new RangeError(wrong);
}

function newDataKey(): KeyObject {
  const bytes = randomBytes(32);
  const key = createSecretKey(bytes);
  bytes.fill(0);
  return key;
}

/** An open vault: values that never change. What changes it makes another one. */
export class Vault {
  private readonly body: VaultBody;
  private readonly dataKey: KeyObject;

  private constructor(body: VaultBody, dataKey: KeyObject) {
    this.body = body;
    this.dataKey = dataKey;
  }

  /** Makes an empty vault. */
  static async create(by: VaultKey, cost: ScryptCost = scryptDefaults): Promise<Vault> {
    const [scrypt, dataKey] = [newScrypt(by, cost), newDataKey()];
    const wrapped = await wrap(by, scrypt, dataKey);
    return new Vault({ format: FORMAT, revision: 1, scrypt, dataKey: wrapped, records: [] }, dataKey);
  }

  /**
   * Opens a vault.
   *
   * @throws {@link BackendError} `denied`, when the key is another; `invalid`, when anything was changed
   */
  static async open(text: string, by: VaultKey): Promise<Vault> {
    const unproven = decodeVault(text);
    const { body } = unproven;
    const key = await deriveKey(by, body.scrypt);
    const bytes = openBox(key, aboutKey(body.scrypt), body.dataKey);
    if (bytes?.length !== 32)
      throw new BackendError('denied', 'the vault does not open: another key, or damaged');
    const dataKey = createSecretKey(bytes);
    bytes.fill(0);
    unproven.prove(dataKey);
    return new Vault(body, dataKey);
  }

  /** Counts the changes, from 1. */
  get revision(): number {
    return this.body.revision;
  }

  /** The names of all credentials, sorted, and how often each was written. */
  list(): readonly Pick<VaultRecord, 'name' | 'version'>[] {
    return this.body.records.map(({ name, version }) => ({ name, version }));
  }

  /** Whether there is a credential of that name. */
  has(name: string): boolean {
    return this.body.records.some((record) => record.name === name);
  }

  /**
   * Decrypts a credential.
   *
   * @throws {@link BackendError} `not-found`
   */
  read(name: string): Credential {
    const record = this.body.records.find((each) => each.name === name);
    if (record === undefined) throw new BackendError('not-found', 'the vault has no such credential');
    const text = openBox(this.dataKey, aboutRecord(record), record.box);
    if (text === undefined) throw broken();
    const fields = JSON.parse(text.toString()) as Readonly<Record<string, string>>;
    text.fill(0);
    return Object.fromEntries(
      Object.entries(fields).map(([field, value]) => [field, new Secret(Buffer.from(value, 'base64url'))]),
    );
  }

  /**
   * With a credential added, or in place of the one that had its name.
   *
   * @throws {@link RangeError} when a name or a size is out of bounds
   */
  with(name: string, credential: Credential): Vault {
    checkNames(name, credential);
    const before = this.body.records.find((each) => each.name === name);
    const version = (before?.version ?? 0) + 1;
    const others = this.body.records.filter((each) => each !== before);
    const records = [...others, sealRecord(this.dataKey, name, version, credential)];
    return this.changed({ records: records.sort((a, b) => (a.name < b.name ? -1 : 1)) });
  }

  /**
   * Without a credential.
   *
   * @throws {@link BackendError} `not-found`
   */
  without(name: string): Vault {
    if (!this.has(name)) throw new BackendError('not-found', 'the vault has no such credential');
    return this.changed({ records: this.body.records.filter((each) => each.name !== name) });
  }

  /** The same credentials under new keys: that of the vault and that of the records. */
  async rekeyed(by: VaultKey, cost: ScryptCost = scryptDefaults): Promise<Vault> {
    const [scrypt, dataKey] = [newScrypt(by, cost), newDataKey()];
    const records = this.body.records.map(({ name, version }) =>
      sealRecord(dataKey, name, version, this.read(name)),
    );
    const wrapped = await wrap(by, scrypt, dataKey);
    return new Vault(
      { ...this.body, revision: this.revision + 1, scrypt, dataKey: wrapped, records },
      dataKey,
    );
  }

  /** The vault as it is kept. */
  encode(): string {
    return encodeVault(this.body, this.dataKey);
  }

  private changed(change: Pick<VaultBody, 'records'>): Vault {
    return new Vault({ ...this.body, ...change, revision: this.revision + 1 }, this.dataKey);
  }
}

async function wrap(by: VaultKey, scrypt: VaultBody['scrypt'], dataKey: KeyObject): Promise<string> {
  const bytes = dataKey.export();
  const wrapped = closeBox(await deriveKey(by, scrypt), aboutKey(scrypt), bytes);
  bytes.fill(0);
  return wrapped;
}

function sealRecord(key: KeyObject, name: string, version: number, credential: Credential): VaultRecord {
  const fields = Object.entries(credential).map(([field, secret]) => [
    field,
    Buffer.from(secret.bytes()).toString('base64url'),
  ]);
  const text = Buffer.from(JSON.stringify(Object.fromEntries(fields)));
  const record = { name, version, box: closeBox(key, aboutRecord({ name, version }), text) };
  text.fill(0);
  return record;
}
