import { createEmitter, type CallOptions, type Emitter, type EventSource } from '@holdfast/pipeline';
import { Breaker, type CircuitBreaker } from '../breaker.ts';
import type { CircuitEvent } from '../events.ts';
import { overlaid, readBreakerOptions, type CircuitBreakerOptions } from '../options.ts';
import { runGroup, type GroupOperations, type GroupOutcome } from './breaker-group.ts';
import { healthOf, type BreakerHealth } from './breaker-health.ts';
import { BreakerShelf } from './breaker-shelf.ts';
import {
  KeyedStrategy,
  readKeyedOptions,
  type KeyedBreaker,
  type KeyedBreakerOptions,
} from './keyed-breaker.ts';

/** The breakers of a service: one for each name, all events in one place, one answer to how they are. */
export interface BreakerRegistry extends EventSource<CircuitEvent>, Iterable<CircuitBreaker> {
  /**
   * Finds or makes the breaker of a name; the same name always gives the same instance.
   *
   * @param overrides - options that differ from the defaults of the registry; used when the breaker is made
   * @throws {@link TypeError} when an option is unknown or of the wrong type
   * @throws {@link RangeError} when a number is out of bounds
   */
  get(name: string, overrides?: CircuitBreakerOptions): CircuitBreaker;
  /**
   * Makes a strategy with one breaker a key, e.g. a host or a tenant, named `name:key`.
   *
   * @throws {@link TypeError} when an option is unknown or of the wrong type
   * @throws {@link RangeError} when a number is out of bounds
   */
  keyed(options: KeyedBreakerOptions): KeyedBreaker;
  /**
   * Runs operations side by side, each behind the breaker of its name, and tells how each went when all are over. None
   * waits for another, or fails with it.
   *
   * @param options - what each call is made with, such as a signal or a time limit
   * @throws {@link TypeError} when an option is of the wrong type
   * @throws {@link RangeError} when a number is out of bounds
   */
  tryAll<O extends GroupOperations>(operations: O, options?: CallOptions): Promise<GroupOutcome<O>>;
  /** Resets every breaker. */
  resetAll(): void;
  /** How the breakers are, taken together. */
  health(): BreakerHealth;
}

class Registry implements BreakerRegistry {
  private readonly defaults: CircuitBreakerOptions;
  private readonly emitter: Emitter<CircuitEvent>;
  private readonly forward: (event: CircuitEvent) => void;
  private readonly named = new Map<string, Breaker>();
  private readonly keyedOnes: KeyedStrategy[] = [];

  constructor(defaults: CircuitBreakerOptions) {
    this.defaults = defaults;
    this.emitter = createEmitter(readBreakerOptions(defaults).onListenerError);
    this.forward = (event) => this.emitter.emit(event);
  }

  get(name: string, overrides: CircuitBreakerOptions = {}): CircuitBreaker {
    let breaker = this.named.get(name);
    if (breaker === undefined) {
      breaker = this.make({ ...overlaid(this.defaults, overrides), name });
      this.named.set(name, breaker);
    }
    return breaker;
  }

  private make(options: CircuitBreakerOptions): Breaker {
    const breaker = new Breaker(readBreakerOptions(options));
    breaker.subscribe(this.forward);
    return breaker;
  }

  keyed(options: KeyedBreakerOptions): KeyedBreaker {
    const { keyBy, maxKeys, idleMs } = readKeyedOptions(options);
    const { keyBy: _keyBy, maxKeys: _maxKeys, idleMs: _idleMs, ...overrides } = options;
    const all = overlaid(this.defaults, overrides);
    const settings = readBreakerOptions(all);
    const make = (key: string | undefined) =>
      this.make({ ...all, name: key === undefined ? settings.name : `${settings.name}:${key}` });
    const shelf = new BreakerShelf({ clock: settings.clock, maxKeys, idleMs, make });
    const strategy = new KeyedStrategy(settings, keyBy, shelf);
    this.keyedOnes.push(strategy);
    return strategy;
  }

  tryAll<O extends GroupOperations>(operations: O, options?: CallOptions): Promise<GroupOutcome<O>> {
    return runGroup(operations, (name) => this.get(name), options);
  }

  *[Symbol.iterator](): Iterator<CircuitBreaker> {
    yield* this.named.values();
    for (const { shelf } of this.keyedOnes) yield* shelf;
  }

  resetAll(): void {
    for (const breaker of this) breaker.reset();
  }

  health(): BreakerHealth {
    return healthOf(this);
  }

  on<T extends CircuitEvent['type']>(
    type: T,
    listener: (event: Extract<CircuitEvent, { readonly type: T }>) => void,
  ): () => void {
    return this.emitter.on(type, listener);
  }

  subscribe(listener: (event: CircuitEvent) => void): () => void {
    return this.emitter.subscribe(listener);
  }
}

/**
 * Makes a registry of breakers.
 *
 * @param defaults - the options of every breaker that does not ask for others
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { createBreakerRegistry } from '@holdfast/circuit-breaker';
 *
 * const breakers = createBreakerRegistry({ openMs: 10_000 });
 * const stripe = breakers.get('stripe');
 * const api = breakers.keyed({ name: 'api', keyBy: ({ host }) => host });
 * await api.execute(() => fetch('https://a.example'), { attributes: { host: 'a.example' } });
 * console.log(stripe.state, breakers.health().status);
 * ```
 */
export function createBreakerRegistry(defaults: CircuitBreakerOptions = {}): BreakerRegistry {
  return new Registry(defaults);
}
