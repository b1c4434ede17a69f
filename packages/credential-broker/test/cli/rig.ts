import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Readable, Writable } from 'node:stream';
import { onTestFinished } from 'vitest';
import { main } from '../../src/cli/main.ts';
import { Terminal, type SecretInput } from '../../src/cli/terminal.ts';

/** What a command line answered. */
export interface Ran {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** A folder with a key and a vault to be. */
export function workplace() {
  const dir = mkdtempSync(path.join(tmpdir(), 'vault-cli-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = (name: string, content?: string | Uint8Array, mode = 0o600) => {
    const full = path.join(dir, name);
    if (content !== undefined) writeFileSync(full, content, { mode });
    return full;
  };
  const key = file('vault.key', 'ab'.repeat(32));
  return { dir, file, vault: path.join(dir, 'secrets.vault'), key: ['--key-file', key] };
}

async function runOn(
  stdin: SecretInput,
  args: readonly string[],
  onWrite: (text: string) => void = () => {},
): Promise<Ran> {
  const said = { stdout: '', stderr: '' };
  const stream = (name: 'stdout' | 'stderr') =>
    new Writable({
      write(chunk: Buffer, _, done) {
        said[name] += chunk.toString();
        onWrite(chunk.toString());
        done();
      },
    });
  const terminal = new Terminal({ stdout: stream('stdout'), stderr: stream('stderr'), stdin });
  const status = await main(args, terminal);
  await new Promise(setImmediate);
  return { status, ...said };
}

/** Runs a command line in this process, with a pipe. */
export const run = (args: readonly string[], stdin: string | Uint8Array = ''): Promise<Ran> =>
  runOn(Readable.from([Buffer.from(stdin)]), args);

/** Runs a command line in this process, with somebody who types; also answers whether keys were shown at any time. */
export async function type(
  args: readonly string[],
  keys: string,
  pasted = '',
): Promise<Ran & { readonly shown: boolean }> {
  let raw = false;
  let shown = false;
  async function* typed() {
    for (const key of Buffer.from(keys)) {
      shown ||= !raw;
      yield await Promise.resolve(Uint8Array.of(key));
    }
    if (pasted !== '') yield Buffer.from(pasted);
  }
  const stdin = Object.assign(typed(), { isTTY: true, setRawMode: (on: boolean) => (raw = on) });
  // Who answers at once types while the question is being written.
  const ran = await runOn(stdin, args, (text) => (shown ||= text.endsWith(': ') && !raw));
  return { ...ran, shown };
}

const BIN = path.join(import.meta.dirname, '../../src/bin.ts');

/** Runs a command line as users do: in a process of its own. */
export function runProcess(args: readonly string[], input: string | Uint8Array = ''): Ran {
  const { status, stdout, stderr } = spawnSync(
    process.execPath,
    ['--conditions=@holdfast/source', '--no-warnings', BIN, ...args],
    { encoding: 'utf8', env: { ...process.env, NO_COLOR: '1', FORCE_COLOR: undefined }, input },
  );
  return { status, stdout, stderr };
}
