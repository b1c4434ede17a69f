import { spawn } from 'node:child_process';
import { access, constants, mkdtemp, open, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { BackendError } from '../backend-error.ts';

const MAX_RUN_MS = 10_000;
/** Files in memory, where there are such. */
const IN_MEMORY = '/dev/shm';

const failed = (how: number | string | null | undefined) =>
  new BackendError('unavailable', `ssh-keygen failed: ${how}`);

/**
 * Runs ssh-keygen, without a shell and without anybody to ask. What it says goes nowhere.
 *
 * @param stdin - a file for it to read
 * @returns the code that it ends with
 */
async function run(
  program: string,
  args: readonly string[],
  signal: AbortSignal,
  stdin: number | 'ignore' = 'ignore',
): Promise<number> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, {
      signal,
      timeout: MAX_RUN_MS,
      killSignal: 'SIGKILL',
      stdio: [stdin, 'ignore', 'ignore'],
      // Times are read in this zone; no agent, no home, no program that asks for a passphrase.
      env: { PATH: process.env['PATH'], TZ: 'UTC', SSH_ASKPASS_REQUIRE: 'never' },
    });
    child.on('error', (error: NodeJS.ErrnoException) => {
      const reason: unknown = signal.aborted ? signal.reason : failed(error.code);
      reject(reason);
    });
    child.on('exit', (code, how) => (code === null ? reject(failed(how)) : resolve(code)));
  });
}

/** A folder of its own for one run, gone afterwards. Only its owner can look into it. */
async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const base = await access(IN_MEMORY, constants.W_OK).then(() => IN_MEMORY, tmpdir);
  const folder = await mkdtemp(path.join(base, `holdfast-ssh-${process.pid}-`));
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

/**
 * Runs ssh-keygen with the key of the authority. A key that is in no file gets into one that has lost its name before:
 * the program has it open, and with the last who has it open it is gone, however that ends.
 *
 * @param args - gets the file of the key
 */
async function runWithKey(
  { program, caKey }: SshKeygen,
  folder: string,
  args: (caFile: string) => readonly string[],
  signal: AbortSignal,
): Promise<number> {
  if (typeof caKey === 'string') return run(program, args(caKey), signal);
  const name = path.join(folder, 'ca');
  await using file = await open(name, 'wx+', 0o600);
  await rm(name);
  // At a place, for some systems let the program read on from where this one is.
  await file.write(caKey, 0, caKey.length, 0);
  return await run(program, args('/dev/stdin'), signal, file.fd);
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
    const signing = (caFile: string) => ['-q', '-s', caFile, ...args, file];
    const status = await runWithKey(keygen, folder, signing, signal);
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
    const status = await runWithKey(keygen, folder, (caFile) => ['-y', '-P', '', '-f', caFile], signal);
    if (status !== 0) throw failed(status);
  });
}
