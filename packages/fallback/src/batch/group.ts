import type { Timer } from '@holdfast/pipeline';
import type { BatchOutcome, BatchSettings } from './options.ts';

/** An item, and who waits for how it goes. */
export interface Place<T, R> {
  readonly item: T;
  readonly resolve: (value: R) => void;
  readonly reject: (error: unknown) => void;
}

/** The items of one key that leave together. */
export class Group<T, R> {
  readonly key: string;
  private readonly settings: BatchSettings<T, R>;
  private readonly places = new Set<Place<T, R>>();
  private readonly timer: Timer;
  private settle: () => void = () => undefined;
  /** Settles, always well, when all items have. */
  readonly settled = new Promise<void>((resolve) => (this.settle = resolve));

  /** @param leave - called when the time of its first item is up */
  constructor(settings: BatchSettings<T, R>, key: string, leave: () => void) {
    this.settings = settings;
    this.key = key;
    // Counted from the first item: one that is reset by each would never go off under a steady trickle.
    this.timer = settings.clock.setTimer(leave, settings.maxWaitMs);
    settings.waitUntil?.(this.settled);
  }

  get size(): number {
    return this.places.size;
  }

  add(place: Place<T, R>): void {
    this.places.add(place);
  }

  /** Takes an item out that nobody waits for any more. */
  remove(place: Place<T, R>): boolean {
    return this.places.delete(place);
  }

  /** Does the work, and tells each item how it went. */
  async run(): Promise<void> {
    this.timer.cancel();
    const places = [...this.places];
    this.places.clear();
    try {
      if (places.length > 0) this.tell(places, await this.outcomes(places));
    } catch (error) {
      for (const { reject } of places) reject(error);
    } finally {
      this.settle();
    }
  }

  private async outcomes(places: readonly Place<T, R>[]): Promise<readonly BatchOutcome<R>[]> {
    const { run, name } = this.settings;
    const items = places.map(({ item }) => item);
    const outcomes: readonly BatchOutcome<R>[] | undefined = await run(items, this.key);
    if (outcomes?.length === places.length) return outcomes;
    throw new TypeError(
      `${name}: run must answer one outcome for each of ${places.length} items, got ${outcomes?.length ?? 'none'}`,
    );
  }

  private tell(places: readonly Place<T, R>[], outcomes: readonly BatchOutcome<R>[]): void {
    const { name } = this.settings;
    for (const [index, { resolve, reject }] of places.entries()) {
      const outcome = outcomes[index];
      if (outcome?.ok === true) resolve(outcome.value);
      else if (outcome?.ok === false) reject(outcome.error);
      else
        reject(
          new TypeError(`${name}: run must answer { ok: true, value } or { ok: false, error } for each item`),
        );
    }
  }
}
