import { BaseStrategy, check, integer, readOptions, type, type Strategy } from '@holdfast/pipeline';
import type { CircuitBreaker } from '../breaker.ts';
import type { CircuitBreakerOptions, Settings } from '../options.ts';
import type { BreakerShelf } from './breaker-shelf.ts';
import { KeyedGate, type KeyBy } from './keyed-gate.ts';

/** Options of a strategy with one breaker a key. */
export interface KeyedBreakerOptions extends CircuitBreakerOptions {
  /** Selects the breaker by the call's attributes; calls without a key share one. */
  readonly keyBy: KeyBy;
  /** How many breakers to keep. Default 10,000; at least 1. */
  readonly maxKeys?: number | undefined;
  /** After how many milliseconds without a call a breaker may be forgotten. Default 600,000; at least 0. */
  readonly idleMs?: number | undefined;
}

/**
 * A breaker for each key, made when first called for. Never forgets one that refuses calls or has calls under way
 * before its time is over; a call for which no room can be made passes unguarded.
 */
export interface KeyedBreaker extends Strategy {
  /** How many breakers there are. */
  readonly size: number;
  /** Finds the breaker of a key, if there is one now. */
  find(key: string | undefined): CircuitBreaker | undefined;
}

export class KeyedStrategy extends BaseStrategy implements KeyedBreaker {
  readonly shelf: BreakerShelf;

  constructor(settings: Settings, keyBy: KeyBy, shelf: BreakerShelf) {
    super(settings.name, [new KeyedGate(settings, keyBy, shelf)]);
    this.shelf = shelf;
  }

  get size(): number {
    return this.shelf.size;
  }

  find(key: string | undefined): CircuitBreaker | undefined {
    return this.shelf.find(key);
  }
}

export function readKeyedOptions({ keyBy, maxKeys, idleMs }: KeyedBreakerOptions) {
  const rules = { keyBy: type('function'), maxKeys: integer(1), idleMs: integer(0) };
  check('keyed: keyBy', keyBy, rules.keyBy);
  return readOptions('keyed', { keyBy, maxKeys, idleMs }, rules, { maxKeys: 10_000, idleMs: 600_000 });
}
