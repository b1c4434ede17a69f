import { having, integer, readOptions, systemClock, type Clock } from '@holdfast/pipeline';
import type { BreakerStore, Verdict } from './breaker-store.ts';

/** Options of {@link memoryBreakerStore}. */
export interface MemoryBreakerStoreOptions {
  /** How many instances have to find a circuit open for it to open everywhere. Default 2; at least 1. */
  readonly quorum?: number | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** What is known of one circuit. */
interface Ballot {
  /** Until when each instance that finds the circuit open does so, in monotonic milliseconds. */
  readonly openUntilMs: Map<string, number>;
  readonly listeners: Set<(verdict: Verdict) => void>;
  prober: { readonly instance: string; readonly untilMs: number } | undefined;
  open: boolean;
}

class MemoryBreakerStore implements BreakerStore {
  private readonly quorum: number;
  private readonly clock: Clock;
  private readonly ballots = new Map<string, Ballot>();

  constructor(quorum: number, clock: Clock) {
    this.quorum = quorum;
    this.clock = clock;
  }

  report(circuit: string, instance: string, open: boolean, ttlMs: number): void {
    const ballot = this.ballot(circuit);
    if (open) ballot.openUntilMs.set(instance, this.clock.now() + ttlMs);
    else ballot.openUntilMs.delete(instance);
    if (ballot.prober?.instance === instance) ballot.prober = undefined;
    const verdict = this.verdict(ballot);
    const news = verdict.open || ballot.open;
    ballot.open = verdict.open;
    if (news) for (const tell of [...ballot.listeners]) tell(verdict);
    this.clear(circuit, ballot);
  }

  /** The verdict holds until fewer than the quorum are left whose opinion has not lapsed. */
  private verdict({ openUntilMs }: Ballot): Verdict {
    const nowMs = this.clock.now();
    for (const [instance, untilMs] of openUntilMs) if (untilMs <= nowMs) openUntilMs.delete(instance);
    const longestFirst = [...openUntilMs.values()].sort((a, b) => b - a);
    const remainingMs = (longestFirst[this.quorum - 1] ?? nowMs) - nowMs;
    return { open: remainingMs > 0, remainingMs };
  }

  subscribe(circuit: string, onVerdict: (verdict: Verdict) => void): () => void {
    const ballot = this.ballot(circuit);
    const tell = (verdict: Verdict) => onVerdict(verdict);
    ballot.listeners.add(tell);
    const verdict = this.verdict(ballot);
    if (verdict.open) tell(verdict);
    return () => {
      ballot.listeners.delete(tell);
      this.clear(circuit, ballot);
    };
  }

  leaseProbe(circuit: string, instance: string, leaseMs: number): number {
    const ballot = this.ballot(circuit);
    const nowMs = this.clock.now();
    const { prober } = ballot;
    if (prober !== undefined && prober.instance !== instance && prober.untilMs > nowMs) {
      return prober.untilMs - nowMs;
    }
    ballot.prober = { instance, untilMs: nowMs + leaseMs };
    return 0;
  }

  private ballot(circuit: string): Ballot {
    const known = this.ballots.get(circuit);
    if (known !== undefined) return known;
    const ballot: Ballot = { openUntilMs: new Map(), listeners: new Set(), prober: undefined, open: false };
    this.ballots.set(circuit, ballot);
    return ballot;
  }

  private clear(circuit: string, ballot: Ballot): void {
    const { listeners, openUntilMs } = ballot;
    // Who unsubscribes twice must not take away the ballot of those who came later.
    if (listeners.size + openUntilMs.size === 0 && this.ballots.get(circuit) === ballot)
      this.ballots.delete(circuit);
  }
}

/**
 * Makes a store for breakers of one process, and for tests of what breakers do with one.
 *
 * @throws {@link RangeError} when `quorum` is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, memoryBreakerStore, shareBreaker } from '@holdfast/circuit-breaker';
 *
 * const store = memoryBreakerStore({ quorum: 1 });
 * for (const instance of ['a', 'b']) shareBreaker(circuitBreaker({ name: 'stripe' }), { store, instance });
 * ```
 */
export function memoryBreakerStore(options: MemoryBreakerStoreOptions = {}): BreakerStore {
  const rules = { quorum: integer(1), clock: having('now', 'wallNow', 'setTimer') };
  const defaults: { quorum: number; clock: Clock } = { quorum: 2, clock: systemClock };
  const { quorum, clock } = readOptions('memoryBreakerStore', options, rules, defaults);
  return new MemoryBreakerStore(quorum, clock);
}
