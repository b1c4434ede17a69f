import type { Clock } from '@holdfast/pipeline';
import { DepartedTotals } from './departed.ts';
import type { WorkerState } from './worker-state.ts';

/** Tells workers apart: those of the cluster by number, threads by theirs. */
export type WorkerKey = string;

/** A round of questions that goes on. */
interface Round {
  readonly waiting: Set<WorkerKey>;
  readonly end: () => void;
}

/** What is known of a worker. */
interface Known {
  /** What it has told last; nothing before it has told anything. */
  state: WorkerState | undefined;
  asked: boolean;
}

/** Knows every worker, what it has told last, and what those have counted that are gone. */
export class WorkerBook {
  private readonly departed: DepartedTotals;
  private readonly known = new Map<WorkerKey, Known>();
  private round: Round | undefined;
  private late: ReadonlySet<WorkerKey> = new Set();
  /** How often a worker did not answer in time. */
  timeouts = 0;
  /** How many workers have gone. */
  exits = 0;

  constructor(seriesLimit: number) {
    this.departed = new DepartedTotals(seriesLimit);
  }

  /** How many workers there are, and how many of them did not answer in time when they were last asked. */
  get counts() {
    return { workers: this.known.size, late: [...this.late].filter((key) => this.known.has(key)).length };
  }

  /** The last numbers of all workers, and of those that are gone. */
  states(): readonly WorkerState[] {
    return [...[...this.known.values()].map(({ state }) => state ?? []), this.departed.state];
  }

  arrive(key: WorkerKey): void {
    if (!this.known.has(key)) this.known.set(key, { state: undefined, asked: false });
  }

  /**
   * Takes what a worker tells; also when it comes late, since it is still newer than what was known.
   *
   * @param farewell - whether it will tell no more
   */
  hear(key: WorkerKey, state: WorkerState, farewell: boolean): void {
    const worker = this.known.get(key);
    if (worker === undefined) return;
    if (worker.state !== undefined) this.departed.keepFallen(worker.state, state);
    worker.state = state;
    if (farewell) this.leave(key);
    else this.settle(key);
  }

  /** A worker is gone: what it has counted stays. */
  leave(key: WorkerKey): void {
    const worker = this.known.get(key);
    if (worker === undefined) return;
    this.known.delete(key);
    if (worker.state !== undefined) this.departed.keep(worker.state);
    this.exits++;
    this.settle(key);
  }

  private settle(key: WorkerKey): void {
    this.round?.waiting.delete(key);
    if (this.round?.waiting.size === 0) this.round.end();
  }

  /** Waits until each of the workers has told something or has gone, but no longer than `timeoutMs`. */
  async gather(keys: readonly WorkerKey[], clock: Clock, timeoutMs: number): Promise<void> {
    const waiting = new Set(keys.filter((key) => this.isExpected(key)));
    if (waiting.size > 0) {
      await new Promise<void>((resolve) => {
        const timer = clock.setTimer(resolve, timeoutMs);
        const end = (): void => {
          timer.cancel();
          resolve();
        };
        this.round = { waiting, end };
      });
    }
    this.round = undefined;
    this.late = waiting;
    this.timeouts += waiting.size;
  }

  /** A worker that has never told anything may not share its metrics at all, and is waited for once only. */
  private isExpected(key: WorkerKey): boolean {
    const worker = this.known.get(key);
    if (worker === undefined) return false;
    const expected = worker.state !== undefined || !worker.asked;
    worker.asked = true;
    return expected;
  }

  /** Ends a wait at once. */
  close(): void {
    this.round?.end();
  }
}
