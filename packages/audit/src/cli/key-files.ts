import { UsageError } from '@holdfast/pipeline/cli';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { signerFrom, type NamedSigner } from '../note/key-file.ts';

/** Group and others. */
const NOT_THE_OWNER = 0o077;

/**
 * Reads a private key from a file that only its owner may read.
 *
 * @throws {@link UsageError} when others may
 */
export async function readSigner(file: string): Promise<NamedSigner> {
  // First, so that nobody is told to hide a verifier key.
  const signer = signerFrom(await readFile(file, 'utf8'));
  const { mode } = await stat(file);
  if (process.platform !== 'win32' && (mode & NOT_THE_OWNER) !== 0) {
    const octal = (mode & 0o777).toString(8).padStart(4, '0');
    throw new UsageError(`${file} holds a private key and has the mode ${octal}: run chmod 600 ${file}`);
  }
  return signer;
}

/** Writes a private key to a new file that only its owner may read. */
export async function writePrivateKey(file: string, key: string): Promise<void> {
  await writeFile(file, `${key}\n`, { mode: 0o600, flag: 'wx' });
}
