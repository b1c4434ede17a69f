import { fork } from 'node:child_process';
import path from 'node:path';
import type { Progress, SuiteReport } from './suite.ts';

/** Memory is left as Node sets it up, since it decides what allocation costs. */
const NODE_FLAGS: readonly string[] = ['--conditions=@holdfast/source', '--expose-gc'];

/** What the process of a suite tells the one that started it. */
export type Message = { readonly progress: number } | { readonly report: SuiteReport };

const program = path.join(import.meta.dirname, '..', 'suite-process.ts');

/** Runs a suite in a fresh process: what one suite did to the compiler's view of the code must not slow the next. */
export function runSuite(name: string, progress: Progress): Promise<SuiteReport> {
  // Only the command line writes to standard output.
  const child = fork(program, [name], { execArgv: [...NODE_FLAGS], stdio: ['ignore', 2, 2, 'ipc'] });
  return new Promise((resolve, reject) => {
    child.on('message', (message: Message) => {
      if ('report' in message) resolve(message.report);
      else progress(message.progress);
    });
    child.once('error', reject);
    child.once('exit', (code, signal) =>
      reject(new Error(`suite '${name}' ended with ${signal ?? `exit code ${code}`}`)),
    );
  });
}
