import { manualClock, recordEvents, script, seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { backoffMs, type BackoffKind } from '../src/backoff.ts';
import { retry } from '../src/index.ts';
import { watch } from './watch.ts';

/** The delays of one call that never succeeds. */
function delays(
  kind: BackoffKind,
  count: number,
  baseDelayMs: number,
  maxDelayMs: number,
  random: () => number,
) {
  const all: number[] = [];
  for (let retry = 1; retry <= count; retry++) {
    all.push(backoffMs(kind, retry, all.at(-1) ?? baseDelayMs, { baseDelayMs, maxDelayMs, random }));
  }
  return all;
}

const half = () => 0.5;

describe('backoff', () => {
  it.each<[BackoffKind, number[]]>([
    ['exponential', [100, 200, 400, 800, 1_000, 1_000]],
    ['constant', [100, 100, 100, 100, 100, 100]],
    ['full-jitter', [50, 100, 200, 400, 500, 500]],
    ['decorrelated-jitter', [200, 350, 575, 913, 1_000, 1_000]],
  ])('%s grows as documented and stops at the maximum', (kind, expected) => {
    expect(delays(kind, 6, 100, 1_000, half)).toEqual(expected);
  });

  const bounds = fc
    .tuple(fc.integer({ min: 0, max: 5_000 }), fc.integer({ min: 0, max: 1_000_000 }))
    .map(([baseDelayMs, more]) => ({ baseDelayMs, maxDelayMs: baseDelayMs + more }));

  it('full-jitter stays between 0 and the doubled base', () => {
    fc.assert(
      fc.property(bounds, fc.integer(), ({ baseDelayMs, maxDelayMs }, seed) => {
        delays('full-jitter', 40, baseDelayMs, maxDelayMs, seededRandom(seed)).forEach((delayMs, i) => {
          expect(delayMs).toBeGreaterThanOrEqual(0);
          expect(delayMs).toBeLessThanOrEqual(Math.min(baseDelayMs * 2 ** i, maxDelayMs));
        });
      }),
    );
  });

  it('decorrelated-jitter stays between the base and three times the delay before', () => {
    fc.assert(
      fc.property(bounds, fc.integer(), ({ baseDelayMs, maxDelayMs }, seed) => {
        let before = baseDelayMs;
        for (const delayMs of delays(
          'decorrelated-jitter',
          40,
          baseDelayMs,
          maxDelayMs,
          seededRandom(seed),
        )) {
          expect(delayMs).toBeGreaterThanOrEqual(baseDelayMs);
          expect(delayMs).toBeLessThanOrEqual(Math.min(before * 3, maxDelayMs));
          before = delayMs;
        }
      }),
    );
  });

  it.each<BackoffKind>(['full-jitter', 'decorrelated-jitter', 'exponential', 'constant'])(
    '%s is a whole number within bounds after 5,000 retries, whatever the base',
    (kind) => {
      for (const [base, max] of [
        [0, 0],
        [0, 1_000],
        [1, Number.MAX_SAFE_INTEGER],
        [1_000, 60_000],
      ] as const) {
        for (const random of [() => 0, half, () => 1 - 2 ** -53]) {
          for (const delayMs of delays(kind, 5_000, base, max, random)) {
            if (!Number.isInteger(delayMs) || delayMs < 0 || delayMs > max)
              expect.fail(`${kind}: ${delayMs}`);
          }
        }
      }
    },
  );

  it('spreads the retries of clients that failed together', () => {
    const random = seededRandom(3);
    const first = Array.from({ length: 1_000 }, () =>
      backoffMs('full-jitter', 3, 0, { baseDelayMs: 100, maxDelayMs: 9_999, random }),
    );
    for (let bucket = 0; bucket < 4; bucket++) {
      const inBucket = first.filter((ms) => Math.min(3, Math.floor(ms / 100)) === bucket).length;
      expect(inBucket).toBeGreaterThan(200);
      expect(inBucket).toBeLessThan(300);
    }
  });

  it('is what a retry waits', async () => {
    const clock = manualClock();
    const strategy = retry({
      maxAttempts: 5,
      baseDelayMs: 100,
      maxDelayMs: 300,
      backoff: 'exponential',
      clock,
    });
    const recorder = recordEvents(strategy);
    const call = watch(strategy.execute(script(clock, { error: 'down' })), clock);
    await clock.run();
    expect(recorder.events.flatMap((event) => ('delayMs' in event ? event.delayMs : []))).toEqual([
      100, 200, 300, 300,
    ]);
    expect(call.atMs).toBe(900);
  });
});
