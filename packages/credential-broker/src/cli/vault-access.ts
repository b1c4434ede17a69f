import { type CommandArgs, UsageError } from '@holdfast/pipeline/cli';
import { open } from 'node:fs/promises';
import { BackendError } from '../backends/backend-error.ts';
import { Vault } from '../backends/vault/vault.ts';
import { changeVaultFile, readVaultFile } from '../backends/vault/vault-file.ts';
import type { VaultKey } from '../backends/vault/vault-key.ts';
import { Secret } from '../secret/secret.ts';
import type { Terminal } from './terminal.ts';

const NOT_THE_OWNER = 0o077;
const [LINE_FEED, RETURN] = [10, 13];

/**
 * Reads a secret from the file of an option, which only its owner may read. No error names the file: who mistakes the
 * option types the secret itself.
 */
async function secretFile(option: string, file: string): Promise<Buffer> {
  try {
    await using handle = await open(file);
    const { mode } = await handle.stat();
    if (process.platform !== 'win32' && (mode & NOT_THE_OWNER) !== 0) {
      throw new UsageError(
        `others may read the file of --${option}: run chmod 600, and change what is in it`,
      );
    }
    return await handle.readFile();
  } catch (error) {
    if (error instanceof UsageError) throw error;
    const { code = 'an error' } = error as NodeJS.ErrnoException;
    throw new BackendError('unavailable', `the file of --${option} cannot be read: ${code}`);
  }
}

function keyOf(text: string): Secret {
  const bytes = Buffer.from(text, /^[0-9a-f]{64}$/i.test(text) ? 'hex' : 'base64');
  if (bytes.length !== 32) throw new UsageError('a key has 32 bytes, in hex or base64');
  return new Secret(bytes);
}

/** Which of two vaults a key is for: `new-` stands before its options. */
type Whose = '' | 'new-' | 'other-';

async function fromFiles(args: CommandArgs, whose: Whose): Promise<VaultKey | undefined> {
  const [passphrase, key] = [`${whose}passphrase-file`, `${whose}key-file`];
  const [passphraseFile, keyFile] = [args.value(passphrase), args.value(key)];
  if (passphraseFile !== undefined && keyFile !== undefined) {
    throw new UsageError(`--${passphrase} and --${key} exclude each other`);
  }
  if (keyFile !== undefined) return { key: keyOf((await secretFile(key, keyFile)).toString().trim()) };
  if (passphraseFile === undefined) return undefined;
  return checked(new Secret(lineOf(await secretFile(passphrase, passphraseFile))));
}

/** Bytes without the end of a line at their end. */
function lineOf(bytes: Buffer): Buffer {
  const end = bytes.at(-1) === LINE_FEED ? bytes.length - 1 : bytes.length;
  return bytes.subarray(0, end < bytes.length && bytes[end - 1] === RETURN ? end - 1 : end);
}

function checked(passphrase: Secret): VaultKey {
  if (passphrase.bytes().length === 0) throw new UsageError('the passphrase must not be empty');
  return { passphrase };
}

/** What opens a vault: from the files that the options name, or asked for. */
export async function askKey(args: CommandArgs, terminal: Terminal, whose: Whose = ''): Promise<VaultKey> {
  const question = whose === 'other-' ? 'Passphrase of the other vault' : 'Passphrase';
  return (await fromFiles(args, whose)) ?? checked(await terminal.ask(question));
}

/** What shall open a vault; asked for twice where somebody types it. */
export async function askNewKey(args: CommandArgs, terminal: Terminal, whose: Whose = ''): Promise<VaultKey> {
  const given = await fromFiles(args, whose);
  if (given !== undefined) return given;
  const first = await terminal.ask('New passphrase');
  // A pipe may hold it twice as well, and nothing else.
  const again = (await terminal.rest('New passphrase, again')).bytes();
  const isOnce = again.length === 0 && !terminal.interactive;
  if (!isOnce && Buffer.compare(first.bytes(), again) !== 0) throw new UsageError('the two are not the same');
  return checked(first);
}

/** Opens a vault to read. */
export async function openVault(file: string, by: VaultKey): Promise<Vault> {
  return Vault.open(await readVaultFile(file), by);
}

/** Writes a vault to where there is none yet. */
export async function createVault(file: string, vault: Vault): Promise<void> {
  await changeVaultFile(file, async (before) => {
    if (before !== undefined) throw new UsageError('there is a file already; a vault is never written over');
    return Promise.resolve(vault.encode());
  });
}

/** Changes a vault, alone. */
export async function changeVault(
  file: string,
  by: VaultKey,
  change: (vault: Vault) => Vault | Promise<Vault>,
): Promise<Vault> {
  let changed: Vault | undefined;
  await changeVaultFile(file, async (before) => {
    if (before === undefined) throw new BackendError('unavailable', 'there is no vault at this place');
    changed = await change(await Vault.open(before, by));
    return changed.encode();
  });
  if (changed === undefined) throw new TypeError('nothing was changed');
  return changed;
}
