import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('rate-worker.ts', import.meta.url));

/** What a process has counted of its own calls. */
export interface Counted {
  readonly settled: number;
  readonly passed: number;
}

/** Several processes of one service, which share a limit of 200 in ten minutes over Redis. */
export class RateProcesses {
  private readonly children: readonly ChildProcess[];

  private constructor(children: readonly ChildProcess[]) {
    this.children = children;
  }

  /** @param answerMs - how long they wait for Redis before they go by their own count */
  static async start(count: number, url: string, mode: string, answerMs: number): Promise<RateProcesses> {
    const execArgv = ['--conditions=@holdfast/source'];
    const args = [url, mode, String(answerMs)];
    const children = Array.from({ length: count }, () => fork(WORKER, args, { execArgv }));
    await Promise.all(children.map((child) => once(child, 'message')));
    return new RateProcesses(children);
  }

  /** Lets each make so many calls at once, and answers when all are settled. */
  call(calls: number): Promise<Counted[]> {
    return Promise.all(
      this.children.map(async (child) => {
        const answer = once(child, 'message');
        child.send(calls);
        return ((await answer) as [Counted])[0];
      }),
    );
  }

  async [Symbol.asyncDispose](): Promise<void> {
    for (const child of this.children) {
      const gone = once(child, 'exit');
      child.send(0);
      await gone;
    }
  }
}
