import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BackendError } from '../backend-error.ts';

const MAX_OUTPUT_BYTES = 65_536;
const MAX_RUN_MS = 10_000;

/** Runs ssh-keygen, without a shell and without anybody to ask. What it says gets into no error. */
async function run(program: string, args: readonly string[], signal: AbortSignal): Promise<string> {
  return new Promise((resolve, reject) => {
    const options = {
      signal,
      timeout: MAX_RUN_MS,
      maxBuffer: MAX_OUTPUT_BYTES,
      killSignal: 'SIGKILL' as const,
      // Times are read in this zone; no agent, no home, no program that asks for a passphrase.
      env: { PATH: process.env['PATH'], TZ: 'UTC', SSH_ASKPASS_REQUIRE: 'never' },
    };
    const child = execFile(program, [...args], options, (error, stdout) => {
      if (error === null) return resolve(stdout);
      const reason: unknown = signal.reason;
      if (signal.aborted) return reject(reason);
      reject(new BackendError('unavailable', `ssh-keygen failed: ${String(error.code ?? error.signal)}`));
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
    await run(keygen.program, ['-q', '-s', await caFile(keygen, folder), ...args, file], signal);
    return (await readFile(path.join(folder, 'key-cert.pub'), 'utf8')).trim();
  });
}

/** Resolves when the program runs and the key of the authority can be used. */
export async function tryKey(keygen: SshKeygen, signal: AbortSignal): Promise<void> {
  await inFolder(async (folder) => {
    await run(keygen.program, ['-y', '-P', '', '-f', await caFile(keygen, folder)], signal);
  });
}
