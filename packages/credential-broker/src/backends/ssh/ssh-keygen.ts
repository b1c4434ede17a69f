import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BackendError } from '../backend-error.ts';

const MAX_OUTPUT_BYTES = 65_536;
const MAX_RUN_MS = 10_000;

const failed = (how: number | string | undefined) =>
  new BackendError('unavailable', `ssh-keygen failed: ${how}`);

/**
 * Runs ssh-keygen, without a shell and without anybody to ask. What it says gets into no error.
 *
 * @returns the code that it ends with
 */
async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<number> {
  return new Promise((resolve, reject) => {
    const options = {
      signal,
      timeout: MAX_RUN_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      killSignal: 'SIGKILL' as const,
      // Times are read in this zone; no agent, no home, no program that asks for a passphrase.
      env: { PATH: process.env['PATH'], TZ: 'UTC', SSH_ASKPASS_REQUIRE: 'never' },
    };
    const child = execFile(program, [...args], options, (error) => {
      if (error === null) return resolve(0);
      const reason: unknown = signal.reason;
      if (signal.aborted) return reject(reason);
      if (typeof error.code === 'number') return resolve(error.code);
      reject(failed(error.code ?? error.signal));
    });
    child.stdin?.end();
  });
}

/** A folder of its own for one run, gone afterwards. Only its owner can look into it. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-ssh-'));
  try {
    return await work(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Signs with the key of an authority, which may be a file already. */
export interface SshKeygen {
  readonly program: string;
  readonly caKey: string | Uint8Array;
}

async function caFile({ caKey }: SshKeygen, folder: string): Promise<string> {
  if (typeof caKey === 'string') return caKey;
  const file = path.join(folder, 'ca');
  await writeFile(file, caKey, { mode: 0o600, flag: 'wx' });
  return file;
}

/**
 * Certifies a public key.
 *
 * @param args - what the certificate says
 * @returns the certificate, on one line
 * @throws {@link BackendError} `invalid`, when the public key is none; `unavailable`, when signing fails otherwise
 */
export async function certify(
  keygen: SshKeygen,
  publicKey: string,
  args: readonly string[],
  signal: AbortSignal,
): Promise<string> {
  return inFolder(async (folder) => {
    const file = path.join(folder, 'key.pub');
    await writeFile(file, `${publicKey}\n`, { mode: 0o600, flag: 'wx' });
    const signing = ['-q', '-s', await caFile(keygen, folder), ...args, file];
    const status = await run(keygen.program, signing, signal);
    if (status !== 0) {
      // Whoever sends a key that is none must not make the authority look broken.
      const isKey = (await run(keygen.program, ['-l', '-f', file], signal)) === 0;
      throw isKey ? failed(status) : new BackendError('invalid', 'ssh-keygen cannot read the public key');
    }
    return (await readFile(path.join(folder, 'key-cert.pub'), 'utf8')).trim();
  });
}

/** Resolves when the program runs and the key of the authority can be used. */
export async function tryKey(keygen: SshKeygen, signal: AbortSignal): Promise<void> {
  await inFolder(async (folder) => {
    const status = await run(keygen.program, ['-y', '-P', '', '-f', await caFile(keygen, folder)], signal);
    if (status !== 0) throw failed(status);
  });
}
