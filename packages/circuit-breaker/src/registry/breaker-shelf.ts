import type { Clock } from '@holdfast/pipeline';
import type { Breaker } from '../breaker.ts';
import type { Circuit } from '../circuit.ts';

/** How many breakers a shelf keeps, for how long, and how it makes them. */
export interface ShelfOptions {
  readonly clock: Clock;
  readonly maxKeys: number;
  readonly idleMs: number;
  readonly make: (key: string | undefined) => Breaker;
}

/** How many of the oldest breakers are looked at to make room for a new one. */
const LOOKS = 16;

interface Place {
  readonly breaker: Breaker;
  /** How much it had done when last looked at, and since when it has been known to do no more. */
  activity: number;
  idleSinceMs: number;
}

/**
 * Breakers by key, in bounded number. Taking one out costs a look-up: whether a breaker is in use is told by its own
 * counters, and asked only when a new one needs room.
 */
export class BreakerShelf {
  private readonly options: ShelfOptions;
  /** Those not looked at for longest come first. */
  private readonly places = new Map<string | undefined, Place>();

  constructor(options: ShelfOptions) {
    this.options = options;
  }

  get size(): number {
    return this.places.size;
  }

  *[Symbol.iterator](): Iterator<Breaker> {
    for (const { breaker } of this.places.values()) yield breaker;
  }

  find(key: string | undefined): Breaker | undefined {
    return this.places.get(key)?.breaker;
  }

  /** Finds or makes the breaker of a key; `undefined` when there is no room for another. */
  take(key: string | undefined): Breaker | undefined {
    return this.find(key) ?? this.add(key);
  }

  private add(key: string | undefined): Breaker | undefined {
    const { clock, maxKeys, make } = this.options;
    const nowMs = clock.now();
    this.tidy(nowMs);
    if (this.places.size >= maxKeys) return undefined;
    const breaker = make(key);
    this.places.set(key, { breaker, activity: 0, idleSinceMs: nowMs });
    return breaker;
  }

  /** Forgets breakers that nobody has used for long, and one more if there is no room otherwise. */
  private tidy(nowMs: number): void {
    const { maxKeys, idleMs } = this.options;
    let looks = 0;
    let spare: string | undefined | null = null;
    for (const [key, place] of this.places) {
      const full = this.places.size >= maxKeys;
      const { circuit } = place.breaker;
      const active = this.noteActivity(place, nowMs);
      const expired = !active && nowMs - place.idleSinceMs >= idleMs;
      if (looks++ === LOOKS || !(full || active || expired)) break;
      this.places.delete(key);
      if (isForgettable(circuit, expired, nowMs) && (expired || (full && !active))) continue;
      this.places.set(key, place);
      if (spare === null && isForgettable(circuit, false, nowMs)) spare = key;
    }
    if (spare !== null && this.places.size >= maxKeys) this.places.delete(spare);
  }

  private noteActivity(place: Place, nowMs: number): boolean {
    const { admitted, rejected } = place.breaker.circuit.tally;
    const activity = admitted + rejected;
    const active = activity !== place.activity;
    if (active || nowMs < place.idleSinceMs) place.idleSinceMs = nowMs;
    place.activity = activity;
    return active;
  }
}

/** Whether nothing of worth is lost with a circuit: it is at rest, or what it waits for is long over. */
function isForgettable({ state, tally }: Circuit, expired: boolean, nowMs: number): boolean {
  if (state.kind === 'isolated') return false;
  if (state.kind === 'open') return expired && state.since.elapsedMs(nowMs) >= state.openMs;
  return expired || (state.kind !== 'half-open' && tally.inFlight === 0);
}
