import { fork, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { fileURLToPath } from 'node:url';

const WORKER = fileURLToPath(new URL('breaker-worker.ts', import.meta.url));

/** What a process is told to do, in this order. */
export interface Task {
  /** Lets so many calls that were held fail. */
  readonly release?: true;
  readonly fail?: number;
  readonly succeed?: number;
  /** Begins so many calls that last until they are released. */
  readonly hold?: number;
}

/** What it answers. */
export interface Told {
  readonly state: string;
  /** How many operations have run. */
  readonly started: number;
  /** How many of those that are held run now. */
  readonly running: number;
}

/** Where the processes meet, and for how long they wait. */
export interface Limits {
  readonly url: string;
  /** How long they wait for Redis before they decide alone. */
  readonly answerMs: number;
  /** For how long one may probe. */
  readonly leaseMs: number;
  /** When a connection that says nothing is taken for dead. */
  readonly socketMs: number;
}

/** Several processes of one service, which share the breaker of their upstream over Redis. */
export class BreakerProcesses {
  private children: ChildProcess[] = [];

  async start(count: number, limits: Limits): Promise<void> {
    const execArgv = ['--conditions=@holdfast/source'];
    this.children = Array.from({ length: count }, (_, index) =>
      fork(WORKER, [`pod-${index}`, JSON.stringify(limits)], { execArgv }),
    );
    await Promise.all(this.children.map((child) => once(child, 'message')));
  }

  async tell(index: number, task: Task): Promise<Told> {
    const child = this.children[index];
    if (child === undefined) throw new Error(`there is no process ${index}`);
    const answer = once(child, 'message');
    child.send(task);
    return ((await answer) as [Told])[0];
  }

  tellAll(task: Task): Promise<Told[]> {
    return Promise.all(this.children.map((_, index) => this.tell(index, task)));
  }

  async states(): Promise<string[]> {
    return (await this.tellAll({})).map(({ state }) => state);
  }

  async stop(): Promise<void> {
    for (const child of this.children.splice(0)) {
      const gone = once(child, 'exit');
      child.send({ stop: true });
      await gone;
    }
  }
}
