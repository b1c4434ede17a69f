import { Worker } from 'node:worker_threads';
import type { FleetSize } from './scenario.ts';
import type { OnSecond, Outcome } from './simulate-fleet.ts';

/** One subject in one scenario, as it can be sent to a thread. */
export interface Run {
  /** The scenario's name. */
  readonly scenario: string;
  /** The index of the subject. */
  readonly subject: number;
  readonly size: FleetSize;
}

/** What the thread of a run tells: the second that it has played, or what came of it. */
export type Message = number | Outcome;

const program = new URL('simulate-thread.ts', import.meta.url);

/** Plays a run in a thread of its own: it replaces the timers of the platform, and a second core can play another one. */
export function runInThread(run: Run, onSecond: OnSecond): Promise<Outcome> {
  const thread = new Worker(program, { workerData: run, execArgv: ['--conditions=@holdfast/source'] });
  return new Promise((resolve, reject) => {
    thread.on('message', (message: Message) => {
      if (typeof message === 'number') onSecond(message);
      else resolve(message);
    });
    thread.once('error', reject);
    thread.once('exit', (code) =>
      reject(new Error(`the run of ${run.scenario} ended with exit code ${code}`)),
    );
  });
}
