import { createHmac, hkdfSync, timingSafeEqual, type KeyObject } from 'node:crypto';
import { BackendError } from '../backend-error.ts';

/** The version of the format; part of everything that is encrypted. */
export const FORMAT = 'holdfast-vault/1';

/** How the key of a vault comes from a passphrase: the parameters of scrypt (RFC 7914). */
export interface ScryptParameters {
  readonly N: number;
  readonly r: number;
  readonly p: number;
  /** In base64url. */
  readonly salt: string;
}

/** A credential at rest. */
export interface VaultRecord {
  readonly name: string;
  /** Counts how often it was written, from 1. */
  readonly version: number;
  /** Its fields, encrypted. */
  readonly box: string;
}

/** What a vault consists of. Only names, versions and sizes are in clear. */
export interface VaultBody {
  readonly format: typeof FORMAT;
  /** Counts the changes, from 1. */
  readonly revision: number;
  /** Nothing where the key is given as it is. */
  readonly scrypt: ScryptParameters | null;
  /** The key of the records, encrypted with the key of the vault. */
  readonly dataKey: string;
  readonly records: readonly VaultRecord[];
}

export const broken = (): BackendError =>
  new BackendError('invalid', 'the vault is damaged, or somebody changed it');

/** Over all of the body, so that nothing can be removed, added or put back alone. */
function sealOf(dataKey: KeyObject, body: string): string {
  const key = Buffer.from(hkdfSync('sha256', dataKey, '', `${FORMAT} seal`, 32));
  return createHmac('sha256', key).update(body).digest('base64url');
}

/** Writes a vault: the body on one line, its seal on the next. */
export function encodeVault(body: VaultBody, dataKey: KeyObject): string {
  const text = JSON.stringify(body);
  return `${text}\n${sealOf(dataKey, text)}\n`;
}

/** The two lines of a vault, not yet to be trusted. */
export interface UnprovenVault {
  readonly body: VaultBody;
  /** @throws {@link BackendError} `invalid`, when anything was changed */
  prove(dataKey: KeyObject): void;
}

/**
 * Reads a vault.
 *
 * @throws {@link BackendError} `invalid`, when it is none
 */
export function decodeVault(text: string): UnprovenVault {
  const [line = '', seal = '', end, ...more] = text.split('\n');
  if (end !== '' || more.length > 0) throw broken();
  return {
    body: readBody(line),
    prove(dataKey) {
      const [given, right] = [Buffer.from(seal), Buffer.from(sealOf(dataKey, line))];
      if (given.length !== right.length || !timingSafeEqual(given, right)) throw broken();
    },
  };
}

function readBody(line: string): VaultBody {
  try {
    const body = JSON.parse(line) as Partial<VaultBody>;
    if (body.format !== FORMAT || typeof body.dataKey !== 'string' || !Array.isArray(body.records))
      throw broken();
    return body as VaultBody;
  } catch {
    throw broken();
  }
}
