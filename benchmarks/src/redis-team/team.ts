import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';

/** Asks a worker to do a case for some milliseconds. */
export interface Job {
  /** Which case. */
  readonly index: number;
  readonly ms: number;
}

/** What a worker has done. */
export interface Done {
  readonly calls: number;
  readonly ms: number;
}

/** Several processes that work at the same time. */
export interface Team extends AsyncDisposable {
  work(job: Job): Promise<readonly Done[]>;
}

const program = path.join(import.meta.dirname, 'worker.ts');

/** Starts the workers, all with the same Redis. */
export async function startTeam(url: string, size: number): Promise<Team> {
  const workers = Array.from({ length: size }, (_, index) =>
    fork(program, [url, `pod-${index}`], {
      execArgv: ['--conditions=@holdfast/source'],
      // Only the command line writes to standard output.
      stdio: ['ignore', 2, 2, 'ipc'],
    }),
  );
  const answers = () => Promise.all(workers.map(answerOf));
  await answers();
  return {
    async work(job) {
      const done = answers();
      for (const worker of workers) worker.send(job);
      return (await done) as Done[];
    },
    async [Symbol.asyncDispose]() {
      const running = workers.filter(({ exitCode, signalCode }) => exitCode === null && signalCode === null);
      const gone = Promise.all(running.map((worker) => once(worker, 'exit')));
      for (const worker of running) worker.kill();
      await gone;
    },
  };
}

function answerOf(worker: ChildProcess): Promise<unknown> {
  return new Promise((resolve, reject) => {
    const ended = () => reject(new Error('a process of the team ended before it was done'));
    worker.once('exit', ended);
    worker.once('message', (answer) => {
      worker.off('exit', ended);
      resolve(answer);
    });
  });
}
