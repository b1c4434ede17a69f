import { readOptions, type as typeRule, type Rule, type Rules } from '@holdfast/pipeline';
import { Secret } from '../../secret/secret.ts';
import type { VaultKey } from './vault-key.ts';

/** What {@link fileVault} takes: the file and one of the two keys. */
export interface FileVaultOptions {
  /** Where the vault is. Nobody but its owner may read it (mode 0600). */
  readonly file: string;
  /** What opens it, if a passphrase does: not empty. */
  readonly passphrase?: Secret | undefined;
  /** What opens it, if a key does: 32 bytes. */
  readonly key?: Secret | undefined;
}

const secret: Rule = (value) => (value instanceof Secret ? undefined : 'must be a Secret');

const rules: Rules<FileVaultOptions> = { file: typeRule('string'), passphrase: secret, key: secret };

/** Checks options. What a key or a passphrase is gets into no error. */
export function readFileVaultOptions(
  owner: string,
  options: FileVaultOptions,
): { file: string; by: VaultKey } {
  const { file, passphrase, key } = readOptions(owner, options, rules, {});
  if (typeof file !== 'string') throw new TypeError(`${owner}: file must be a string`);
  if ((passphrase === undefined) === (key === undefined)) {
    throw new TypeError(`${owner}: either passphrase or key must be given`);
  }
  if (key !== undefined) {
    if (key.bytes().length !== 32) throw new TypeError(`${owner}: key must have 32 bytes`);
    return { file, by: { key } };
  }
  if (passphrase === undefined || passphrase.bytes().length === 0) {
    throw new TypeError(`${owner}: passphrase must not be empty`);
  }
  return { file, by: { passphrase } };
}
