import { spawn, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { onTestFinished, vi } from 'vitest';

/** The quickstart as a process of its own. */
export interface Running {
  readonly child: ChildProcess;
  /** What it has printed. */
  output(): string;
  /** Its exit code. */
  readonly ended: Promise<number | null>;
}

const main = path.join(import.meta.dirname, '../../src/main.ts');

/** Starts the quickstart with flags; nothing is left of it when the test is over. */
export function start(...args: readonly string[]): Running {
  const running = launch(...args);
  onTestFinished(() => void running.child.kill('SIGKILL'));
  return running;
}

/** Starts the quickstart with flags; whoever calls ends it. */
export function launch(...args: readonly string[]): Running {
  const audit = args.includes('--audit') ? [] : ['--audit', 'none'];
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', main, ...audit, ...args], {
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream?.on('data', (chunk) => (output += String(chunk)));
  const ended = once(child, 'close').then(([code]) => code as number | null);
  return { child, output: () => output, ended };
}

/** Where it listens, once it does. */
export async function urlOf({ output }: Running): Promise<URL> {
  return vi.waitFor(() => new URL(/http:[^,]+/.exec(output())?.[0] ?? ''), { timeout: 20_000 });
}
