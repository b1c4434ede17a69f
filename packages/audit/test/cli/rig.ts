import { spawn, spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { generateSigner, vkeyOf } from '@holdfast/audit';
import type { Clock } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { main } from '../../src/cli/main.ts';
import { Terminal, type TerminalParts } from '../../src/cli/terminal.ts';
import { buildLog, numbered, writeLog, type LogFixture } from '../log-fixture.ts';

export const ORIGIN = 'audit.example/prod';

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** The directory of an audit log with a tree for each tenant, its verifier key in a file, and what is in it. */
export interface LogDirectory {
  readonly dir: string;
  readonly key: string;
  readonly tenants: Readonly<Record<string, LogFixture>>;
  /** A file beside the log. */
  file(name: string, content?: string | Uint8Array): string;
  /** Writes a tenant's tree again after it changed. */
  rewrite(tenant: string, log: LogFixture): void;
}

export async function logDirectory(sizes: Readonly<Record<string, number>>): Promise<LogDirectory> {
  const top = tempFolder();
  const dir = path.join(top, 'log');
  const signer = generateSigner();
  const tenants: Record<string, LogFixture> = {};
  const rewrite = (tenant: string, log: LogFixture) => {
    rmSync(path.join(dir, 'logs', tenant), { recursive: true, force: true });
    writeLog(path.join(dir, 'logs', tenant), log);
  };
  mkdirSync(path.join(dir, 'logs'), { recursive: true });
  for (const [tenant, size] of Object.entries(sizes)) {
    tenants[tenant] = await buildLog({
      origin: `${ORIGIN}/${tenant}`,
      signer,
      entries: numbered(size, tenant),
    });
    rewrite(tenant, tenants[tenant]);
  }
  const file = (name: string, content?: string | Uint8Array) => {
    const full = path.join(top, name);
    if (content !== undefined) writeFileSync(full, content);
    return full;
  };
  return { dir, key: file('audit.key.pub', `${vkeyOf(ORIGIN, signer)}\n`), tenants, file, rewrite };
}

/** The log of a tenant that the directory was made with. */
export function tenantLog({ tenants }: LogDirectory, tenant: string): LogFixture {
  const log = tenants[tenant];
  if (log === undefined) throw new Error(`no tenant ${tenant}`);
  return log;
}

/** What a command line answered. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a command line in this process. */
export async function run(
  args: readonly string[],
  stdin = '',
  clock: Clock = manualClock(),
  parts: Partial<TerminalParts> = {},
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new PassThrough().on('data', (chunk: Buffer) => (said[name] += chunk.toString()));
  const [stdout, stderr] = [stream('stdout'), stream('stderr')];
  const { signal } = new AbortController();
  const terminal = new Terminal({
    stdout,
    stderr,
    stdin: Readable.from([stdin]),
    clock,
    signal,
    unread: signal,
    ...parts,
  });
  const status = await main(args, terminal);
  await new Promise(setImmediate);
  return { status, ...said };
}

const BIN = path.join(import.meta.dirname, '../../src/bin.ts');
const NODE_ARGS = ['--conditions=@holdfast/source', '--no-warnings', BIN];

/** Runs a command line as users do: in a process of its own. What it writes elsewhere than to a pipe is not answered. */
export function runProcess(
  args: readonly string[],
  options: { env?: NodeJS.ProcessEnv; input?: string; nodeArgs?: readonly string[]; stdout?: number } = {},
): Ran {
  const { env = {}, input, nodeArgs = [], stdout: output = 'pipe' } = options;
  const { status, stdout, stderr } = spawnSync(process.execPath, [...nodeArgs, ...NODE_ARGS, ...args], {
    encoding: 'utf8',
    stdio: ['pipe', output, 'pipe'],
    env: { ...process.env, NO_COLOR: undefined, FORCE_COLOR: undefined, ...env },
    input,
  });
  return { status, stdout, stderr };
}

/** Starts a command line in a process of its own. */
export function startProcess(args: readonly string[]) {
  const child = spawn(process.execPath, [...NODE_ARGS, ...args], { stdio: ['ignore', 'pipe', 'pipe'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}
