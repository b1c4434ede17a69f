import { check, integer, readOptions, reportListenerError, type } from '@holdfast/pipeline';
import { circuitOf, type CircuitBreaker } from '../breaker.ts';
import type { Circuit } from '../circuit.ts';
import type { CircuitEvent } from '../events.ts';
import { Stopwatch } from '../stopwatch.ts';
import type { BreakerStore, Verdict } from './breaker-store.ts';

/** Options of {@link shareBreaker}. */
export interface ShareBreakerOptions {
  /** Where the instances meet. */
  readonly store: BreakerStore;
  /** Names this instance of the service; no two may have the same. */
  readonly instance: string;
  /** For how long one instance may probe alone, in milliseconds. Default 10,000; at least 1. */
  readonly leaseMs?: number | undefined;
  /** How long to wait for the store's leave to probe, in milliseconds, before probing without. Default 1,000; at least 0. */
  readonly answerMs?: number | undefined;
}

type Settings = Required<{ readonly [K in keyof ShareBreakerOptions]: NonNullable<ShareBreakerOptions[K]> }>;

/** What this instance knows about its leave to probe. Asked by the circuit when its open time is over, and while it probes. */
type Leave =
  | { readonly kind: 'none' }
  | { readonly kind: 'asked'; readonly since: Stopwatch }
  | { readonly kind: 'granted'; readonly since: Stopwatch; readonly probes: number }
  | { readonly kind: 'refused'; readonly since: Stopwatch; readonly waitMs: number };

const NONE: Leave = { kind: 'none' };

const leftMs = ({ since, waitMs }: Extract<Leave, { kind: 'refused' }>, nowMs: number): number =>
  waitMs - since.elapsedMs(nowMs);

/** Who decides alone does not know how many others do the same. */
const PROBES_ALONE = 1;

/** How long who was refused leave waits at most before asking again, in milliseconds: a lease is given back early. */
const ASK_AGAIN_MS = 1_000;

/** How long a call has to wait at least for an answer of the store, in milliseconds: the circuit stays open meanwhile. */
const MOMENT_MS = 1;

/** Joins one circuit to a store. Nothing here is waited for by a call. */
class SharedCircuit implements Disposable {
  private readonly circuit: Circuit;
  private readonly settings: Settings;
  private readonly unsubscribe: (() => void)[] = [];
  private leave: Leave = NONE;
  /** Whether the circuit is open because the others found it so. */
  private openByStore = false;

  constructor(circuit: Circuit, settings: Settings) {
    this.circuit = circuit;
    this.settings = settings;
    this.unsubscribe.push(circuit.emitter.subscribe((event) => this.tell(event)));
    circuit.holdProbes = () => this.holdProbes();
    circuit.allowProbes = () => this.allowProbes();
    this.guarded(() => {
      const { name } = circuit.settings;
      this.unsubscribe.push(settings.store.subscribe(name, (verdict) => this.obey(verdict)));
    });
  }

  [Symbol.dispose](): void {
    this.circuit.holdProbes = this.circuit.allowProbes = undefined;
    this.leave = NONE;
    for (const end of this.unsubscribe.splice(0)) this.guarded(end);
  }

  private tell(event: CircuitEvent): void {
    if (event.type !== 'circuit.half_opened') this.leave = NONE;
    if (event.type === 'circuit.opened') {
      this.openByStore = event.cause === 'store';
      if (!this.openByStore) this.report(true, event.openMs + this.settings.leaseMs);
    } else if (event.type === 'circuit.closed' && event.cause !== 'store') this.report(false, 0);
  }

  private report(open: boolean, ttlMs: number): void {
    const { store, instance } = this.settings;
    this.guarded(() => store.report(this.circuit.settings.name, instance, open, ttlMs));
  }

  private obey(verdict: Verdict): void {
    const { circuit } = this;
    if (verdict.open && circuit.state.kind === 'closed')
      circuit.trip('store', undefined, verdict.remainingMs);
    // What this instance has seen for itself stands until its own probes say otherwise.
    else if (!verdict.open && circuit.state.kind === 'open' && this.openByStore) circuit.close('store');
  }

  private holdProbes(): number {
    const nowMs = this.circuit.clock.now();
    const leave = this.leaveAt(nowMs);
    switch (leave.kind) {
      case 'asked':
        return this.isUnanswered(leave.since, nowMs) ? 0 : MOMENT_MS;
      case 'refused':
        return leftMs(leave, nowMs);
      case 'none':
      case 'granted':
        return 0;
    }
  }

  private allowProbes(): number {
    const nowMs = this.circuit.clock.now();
    const leave = this.leaveAt(nowMs);
    if (leave.kind === 'granted') return leave.probes;
    return leave.kind === 'asked' && this.isUnanswered(leave.since, nowMs) ? PROBES_ALONE : 0;
  }

  /** What is known; asks where that is nothing, or over. */
  private leaveAt(nowMs: number): Leave {
    const { leave } = this;
    const isOver =
      leave.kind === 'none' ||
      (leave.kind === 'refused' && leftMs(leave, nowMs) <= 0) ||
      (leave.kind === 'granted' && leave.since.elapsedMs(nowMs) >= this.settings.leaseMs);
    if (isOver) this.ask(nowMs);
    return this.leave;
  }

  private isUnanswered(since: Stopwatch, nowMs: number): boolean {
    return since.elapsedMs(nowMs) >= this.settings.answerMs;
  }

  private ask(nowMs: number): void {
    const { store, instance, leaseMs } = this.settings;
    // Counted from the question: the store counts from later, so that the leave ends in time.
    const since = new Stopwatch(nowMs);
    const asked: Leave = { kind: 'asked', since };
    const become = (leave: Leave) => {
      // What comes too late answers a question that nobody has any more.
      if (this.leave === asked) this.take(leave);
    };
    const answered = (waitMs: number) =>
      become(
        waitMs > 0
          ? {
              kind: 'refused',
              since: new Stopwatch(this.circuit.clock.now()),
              waitMs: Math.min(waitMs, ASK_AGAIN_MS),
            }
          : { kind: 'granted', since, probes: Infinity },
      );
    this.leave = asked;
    this.guarded(
      () => {
        const answer = store.leaseProbe(this.circuit.settings.name, instance, leaseMs);
        return typeof answer === 'number' ? answered(answer) : answer.then(answered);
      },
      // Without the store every instance decides for itself.
      () => become({ kind: 'granted', since, probes: PROBES_ALONE }),
    );
  }

  private take(leave: Leave): void {
    this.leave = leave;
    // Until it may probe, what this instance has seen for itself goes on to count for the others.
    if (leave.kind === 'refused' && !this.openByStore)
      this.report(true, leave.waitMs + this.settings.leaseMs);
    if (this.circuit.state.kind === 'half-open') this.circuit.onVacancy?.();
  }

  /** Does something with the store; a failure is reported, and changes nothing else. */
  private guarded(action: () => void | PromiseLike<void>, orElse?: () => void): void {
    const failed = (error: unknown) => {
      reportListenerError(this.circuit.settings.onListenerError ?? console.error, error);
      orElse?.();
    };
    try {
      action()?.then(undefined, failed);
    } catch (error) {
      failed(error);
    }
  }
}

/**
 * Lets the instances of a service share what they know about a dependency. A breaker tells the store when it opens and
 * closes by its own observation, opens when the store says that a quorum has, and probes only while no other instance
 * does. Calls never wait for the store; while it fails, the breaker decides alone.
 *
 * @returns a handle whose disposal ends the sharing
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { circuitBreaker, memoryBreakerStore, shareBreaker } from '@holdfast/circuit-breaker';
 *
 * const store = memoryBreakerStore({ quorum: 2 });
 * using sharing = shareBreaker(circuitBreaker({ name: 'stripe' }), { store, instance: 'pod-7' });
 * ```
 */
export function shareBreaker(breaker: CircuitBreaker, options: ShareBreakerOptions): Disposable {
  const rules = {
    store: type('object'),
    instance: type('string'),
    leaseMs: integer(1),
    answerMs: integer(0),
  };
  const settings = readOptions('shareBreaker', options, rules, { leaseMs: 10_000, answerMs: 1_000 });
  check('shareBreaker: store', settings.store, rules.store);
  check('shareBreaker: instance', settings.instance, rules.instance);
  return new SharedCircuit(circuitOf(breaker), settings);
}
