import { createBreakerRegistry, type BreakerRegistry } from '@holdfast/circuit-breaker';
import {
  check,
  defineStrategy,
  pipeline,
  strategyHooks,
  type,
  type Emitter,
  type GateHook,
  type Strategy,
} from '@holdfast/pipeline';
import { isTransient, retry, type Retry } from '@holdfast/retry';
import { timeout, type Timeout } from '@holdfast/timeout';
import { BodyGuard } from './body-guard.ts';
import { Countdowns } from './countdown.ts';
import type { FetchStats } from './create-fetch.ts';
import { bodyFailed, type FetchEvent } from './events.ts';
import { Mistakes } from './mistakes.ts';
import type { FetchSettings } from './options.ts';
import { readOutgoing, type Outgoing } from './outgoing.ts';
import { patientGate, type WatchBody } from './patient-gate.ts';
import { isTransientStatus, statusOutcome } from './status.ts';

/** What the calls of a guarded fetch have in common. */
export class FetchCore {
  readonly settings: FetchSettings;
  readonly breakers: BreakerRegistry;
  /** For requests that may be sent again. */
  readonly repeated: Strategy;
  /** For requests whose body is gone once it was sent. */
  readonly once: Strategy;
  refused = 0;
  sent = 0;
  readonly mistakes = new Mistakes();
  private bodyFailures = 0;
  private readonly emitter: Emitter<FetchEvent>;
  private readonly guard = new BodyGuard();
  /** Of all bodies, unless timers belong to a request. */
  private readonly countdowns: Countdowns | undefined;
  private readonly total: Timeout;
  private readonly attempt: Timeout;
  private readonly retry: Retry | undefined;
  /** Whose bodies are of interest after the headers, by response: what their calls were told with. */
  private readonly signals = new WeakMap<Response, AbortSignal>();

  constructor(settings: FetchSettings, emitter: Emitter<FetchEvent>) {
    const { name, clock, onListenerError, timeoutMs, attemptMs } = settings;
    this.settings = settings;
    this.emitter = emitter;
    this.countdowns = clock.sharedTimers ? this.newCountdowns() : undefined;
    const common = { clock, onListenerError };
    this.total = timeout({ ...common, name, timeoutMs });
    this.attempt = timeout({ ...common, name: `${name}: attempt`, timeoutMs: attemptMs });
    this.breakers = createBreakerRegistry({ ...common, ...(settings.breaker || {}), name });
    const inner = pipeline(this.gate(), this.attempt);
    this.once = pipeline(this.total, inner);
    if (settings.retry === false) this.repeated = this.once;
    else {
      this.retry = this.makeRetry(settings.retry);
      this.repeated = pipeline(this.total, this.retry, inner);
    }
  }

  private makeRetry(options: FetchSettings['retry']): Retry {
    const { name, clock, onListenerError, random } = this.settings;
    const { retryIf = isTransient, ...own } = options || {};
    check('createFetch: retry.retryIf', retryIf, type('function'));
    const strategy = retry({
      name: `${name}: retry`,
      onListenerError,
      ...own,
      retryIf: (error, attempt) => !this.mistakes.has(error) && retryIf(error, attempt),
      clock,
      random,
      idempotent: ({ repeatable }) => repeatable === 'always',
      retryOnResult: (response) => isTransientStatus((response as Response).status),
    });
    strategy.subscribe((event) => this.emitter.emit(event));
    return strategy;
  }

  private gate(): Strategy {
    const { breaker } = this.settings;
    if (breaker === false) return defineStrategy('bodies', patientGate(OPEN_GATE, this.watch));
    const keyed = this.breakers.keyed({
      keyBy: ({ origin }) => origin,
      classifyError: (error) =>
        this.mistakes.has(error) ? 'ignored' : (breaker?.classifyError?.(error) ?? 'failure'),
      classifyResult: breaker?.classifyResult ?? ((response) => statusOutcome((response as Response).status)),
    });
    const [gate] = keyed[strategyHooks];
    return defineStrategy(keyed.name, patientGate(gate as GateHook, this.watch));
  }

  private readonly watch: WatchBody = (response, onOver) =>
    this.guard.watch(response, {
      settings: this.settings,
      countdowns: this.countdowns ?? this.newCountdowns(),
      signal: this.signals.get(response),
      onOver: (outcome, error) => {
        if (outcome === 'failure') this.tellFailure(error);
        onOver(outcome, error);
      },
    });

  private newCountdowns(): Countdowns {
    const { clock, firstByteMs, idleMs } = this.settings;
    return new Countdowns(clock, Math.min(firstByteMs, idleMs));
  }

  private tellFailure(error: unknown): void {
    this.bodyFailures++;
    if (this.emitter.active) this.emitter.emit(bodyFailed(this.settings.name, error));
  }

  read(input: RequestInfo | URL, init: RequestInit | undefined): Outgoing | undefined {
    return readOutgoing(input, init, this.settings);
  }

  /** Sends a request as it is. */
  bare(input: RequestInfo | URL, init: RequestInit | undefined): Promise<Response> {
    return (this.settings.fetch ?? globalThis.fetch)(input, init);
  }

  /** Notes whose abort ends the body of a response. */
  belongs(response: Response, signal: AbortSignal): void {
    this.signals.set(response, signal);
  }

  stats(): FetchStats {
    const { calls, running, timeouts } = this.total.stats();
    const { retries, recovered } = this.retry?.stats() ?? { retries: 0, recovered: 0 };
    const { sent: attempts, refused, bodyFailures } = this;
    const all = timeouts + this.attempt.stats().timeouts;
    return { calls, running, attempts, retries, recovered, timeouts: all, refused, bodyFailures };
  }
}

/** Lets everything pass; bodies are watched all the same. */
const OPEN_GATE: GateHook = {
  kind: 'gate',
  name: 'bodies',
  admit: () => 1,
  settle: () => {},
  toError: ({ code }) => new Error(code),
};
