import { check, number, TimeoutError, type Emitter } from '@holdfast/pipeline';
import type { RateLimitEvent } from './events.ts';
import type { RateLimitSettings } from './options.ts';
import type { RateStore } from './rate-store.ts';

/** Asks a store without ever depending on it: what it does not answer in time, nobody waits for. */
export class StoreClient {
  private readonly store: RateStore;
  private readonly settings: RateLimitSettings;
  private readonly emitter: Emitter<RateLimitEvent>;
  private askAgainAtMs = -Infinity;

  constructor(store: RateStore, settings: RateLimitSettings, emitter: Emitter<RateLimitEvent>) {
    this.store = store;
    this.settings = settings;
    this.emitter = emitter;
  }

  /** Answers with what the store says, or nothing where this instance has to decide alone. */
  take(key: string | undefined, cost: number): number | Promise<number | undefined> | undefined {
    if (this.settings.clock.now() < this.askAgainAtMs) return undefined;
    try {
      const answer = this.store.take(this.keyOf(key), cost, this.settings.rule);
      return typeof answer === 'number' ? checked(answer) : this.inTime(answer);
    } catch (error) {
      this.fail(error);
      return undefined;
    }
  }

  charge(key: string | undefined, cost: number): void {
    if (this.settings.clock.now() < this.askAgainAtMs) return;
    const send = async () => this.store.charge(this.keyOf(key), cost, this.settings.rule);
    send().catch((error: unknown) => this.fail(error));
  }

  private keyOf(key: string | undefined): string {
    const { name } = this.settings;
    return key === undefined ? name : `${name}:${key}`;
  }

  /** An answer that comes later changes nothing: what it took stays taken, which errs on the safe side. */
  private inTime(answer: PromiseLike<number>): Promise<number | undefined> {
    const { clock, answerMs, name } = this.settings;
    return new Promise((resolve) => {
      let waiting = true;
      const settle = (waitMs: number | undefined, error?: unknown) => {
        if (!waiting) return;
        waiting = false;
        timer.cancel();
        if (waitMs === undefined) this.fail(error);
        resolve(waitMs);
      };
      const late = () => settle(undefined, new TimeoutError(answerMs, { strategy: `${name} store` }));
      const timer = clock.setTimer(late, answerMs);
      answer.then(checked).then(
        (waitMs) => settle(waitMs),
        (error: unknown) => settle(undefined, error),
      );
    });
  }

  private fail(error: unknown): void {
    const { clock, storeRetryMs, name } = this.settings;
    this.askAgainAtMs = clock.now() + storeRetryMs;
    if (!this.emitter.active) return;
    const event = { type: 'rate_limit.store_failed' as const, strategy: name };
    this.emitter.emit(
      Object.defineProperty(event, 'error', { value: error }) as typeof event & { error: unknown },
    );
  }
}

/** A store is somebody else's code, behind a network. */
function checked(waitMs: number): number {
  check('the answer of the store', waitMs, number(0));
  return waitMs;
}
