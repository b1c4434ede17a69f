import type { Call } from '@holdfast/pipeline';

/** What those who wait get when the call that they waited for was ended by its own caller: somebody else has to fly. */
const LANDED_EARLY = Symbol('landed early');

/** What brings an answer. `current` says whether nothing newer has been said about the key meanwhile. */
export type Run = (current: () => boolean) => PromiseLike<unknown>;

/** The runs that are under way, by key: one for all calls that ask for the same at the same time. */
export class Flights {
  private readonly flying = new Map<string, Promise<unknown>>();

  has(key: string): boolean {
    return this.flying.has(key);
  }

  /** Lets nobody join the run of a key any more, and makes it `current` no longer. */
  drop(key: string): void {
    this.flying.delete(key);
  }

  clear(): void {
    this.flying.clear();
  }

  /** Runs what a call asks for, unless another call does already: then its answer is this one's, too. */
  async join(key: string, call: Call, run: Run): Promise<unknown> {
    for (let joined = this.flying.get(key); joined !== undefined; joined = this.flying.get(key)) {
      const answer = await joined;
      if (answer !== LANDED_EARLY) return answer;
    }
    return this.fly(key, call, run);
  }

  private fly(key: string, call: Call, run: Run): Promise<unknown> {
    const result = Promise.resolve(run(() => this.flying.get(key) === flight));
    const flight: Promise<unknown> = new Promise((resolve, reject) => {
      const land = () => {
        if (this.flying.get(key) === flight) this.flying.delete(key);
      };
      // The caller of this one left. What ends it is no news to the others.
      const stopListening = call.onEnd(() => {
        land();
        resolve(LANDED_EARLY);
      });
      const settled = () => {
        stopListening();
        land();
      };
      result.finally(settled).then(resolve, reject);
    });
    // Nobody may have joined it.
    flight.catch(() => undefined);
    this.flying.set(key, flight);
    return result;
  }
}
