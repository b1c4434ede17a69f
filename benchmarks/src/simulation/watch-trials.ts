import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { inVirtualTime } from './virtual-time.ts';
import type { TripKind } from './trip-kinds.ts';

/** The traffic that trials of one kind see. */
export interface Traffic {
  /** How many breakers see it side by side, each with outcomes of its own. */
  readonly trials: number;
  readonly callsPerSecond: number;
  readonly seconds: number;
  /** The share of the calls that fail in a second. */
  readonly errorRatio: (second: number) => number;
  readonly seed: number;
}

/** Sends traffic through fresh breakers of a kind; answers after how many seconds each opened, `null` for never. */
export function watchTrials(kind: TripKind, traffic: Traffic): Promise<readonly (number | null)[]> {
  const { trials, callsPerSecond, seconds, errorRatio, seed } = traffic;
  const clock = manualClock();
  const random = seededRandom(seed);
  return inVirtualTime(clock, random, async () => {
    const watched = Array.from({ length: trials }, () => ({
      trial: kind.start(clock),
      // The breakers of other kinds see the same outcomes.
      random: seededRandom(random() * 2 ** 32),
      openedAfter: null as number | null,
    }));
    for (let call = 0; call < seconds * callsPerSecond; call++) {
      const second = call / callsPerSecond;
      const closed = watched.filter(({ openedAfter }) => openedAfter === null);
      for (const { trial, random } of closed) trial.call(random() >= errorRatio(second));
      await clock.advance(0);
      for (const each of closed) if (each.trial.open) each.openedAfter = second;
      await clock.advance(1_000 / callsPerSecond);
    }
    return watched.map(({ openedAfter }) => openedAfter);
  });
}
