import { describe, expect, it } from 'vitest';
import { TRIP_KINDS, type TripKind } from '../../src/simulation/trip-kinds.ts';
import { watchTrials } from '../../src/simulation/watch-trials.ts';

const labelled = TRIP_KINDS.map((kind) => [`${kind.subject}: ${kind.name}`, kind] as const);

const byChance = { trials: 40, callsPerSecond: 20, seconds: 30, errorRatio: () => 0.4, seed: 5 };
const opened = async (kind: TripKind) => {
  const trials = await watchTrials(kind, byChance);
  return trials.filter((after) => after !== null).length;
};

function kindNamed(name: string): TripKind {
  const found = TRIP_KINDS.find((kind) => kind.subject === 'holdfast' && kind.name.startsWith(name));
  if (found === undefined) throw new RangeError(`no kind '${name}'`);
  return found;
}

describe('watchTrials', () => {
  it.each(labelled)('%s stays closed where nothing fails', async (_, kind) => {
    const traffic = { trials: 2, callsPerSecond: 20, seconds: 12, errorRatio: () => 0, seed: 1 };
    expect(await watchTrials(kind, traffic)).toEqual([null, null]);
  });

  it.each(labelled)('%s opens in a full outage', async (_, kind) => {
    const errorRatio = (second: number) => (second < 12 ? 0 : 1);
    const [after] = await watchTrials(kind, {
      trials: 1,
      callsPerSecond: 20,
      seconds: 25,
      errorRatio,
      seed: 1,
    });
    expect(after).not.toBeNull();
    expect(after).toBeGreaterThanOrEqual(12);
  });

  it('opens seldom by chance with the statistical rule, often with a plain ratio', async () => {
    expect(await opened(kindNamed('statistical rule'))).toBeLessThanOrEqual(1);
    expect(await opened(kindNamed('10 s window, at least 20'))).toBeGreaterThan(5);
    expect(await opened(kindNamed('5 failures in a row'))).toBeGreaterThan(30);
  });

  it('notices an outage within 25 calls with the statistical rule', async () => {
    const errorRatio = (second: number) => (second < 30 ? 0 : 1);
    const traffic = { trials: 3, callsPerSecond: 20, seconds: 40, errorRatio, seed: 2 };
    for (const after of await watchTrials(kindNamed('statistical rule'), traffic)) {
      expect(after).toBeLessThanOrEqual(30 + 25 / 20);
    }
  });

  it('shows every kind the same outcomes', async () => {
    const kind = kindNamed('5 failures in a row');
    expect(await watchTrials(kind, byChance)).toEqual(await watchTrials(kind, byChance));
  });
});
