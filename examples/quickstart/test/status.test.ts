import { expect, it } from 'vitest';
import { breaker } from '../src/scenarios/breaker.ts';
import { readStatus } from '../src/status.ts';
import { Traffic } from '../src/traffic/traffic.ts';
import { OUTCOMES } from '../src/traffic/outcome.ts';
import { sampleMinute } from './support/status.ts';

it('tells everything in one flat look', () => {
  const { status } = sampleMinute();
  expect(JSON.parse(JSON.stringify(status))).toEqual(status);
  expect(status).toMatchObject({
    proxy: 'http://127.0.0.1:8787/',
    upstream: 'http://127.0.0.1:9/',
    elapsedMs: 59_500,
    health: 'degraded',
    ready: true,
    circuit: { state: 'open', retryAfterMs: 1_235, openings: 2, closings: 1 },
    schedule: { phase: 'healthy', endsInMs: 500, next: 'healthy' },
    inFlight: 0,
    totals: { answered: 1_080, rejected: 120, timeout: 6, retries: 8 },
  });
  for (const counts of [status.totals, status.perSecond]) {
    expect(Object.keys(counts)).toEqual([...OUTCOMES, 'retries']);
  }
});

it('gives rates and percentiles of the last ten seconds', () => {
  const { perSecond, latencyMs } = sampleMinute().status;
  // Eleven slots, of which the last is half over: five seconds of outage, six of health.
  expect(perSecond.rejected).toBeCloseTo((5 * 20) / 10.5, 1);
  expect(perSecond.answered).toBeCloseTo((6 * 20) / 10.5, 1);
  expect(latencyMs.p50).toBeGreaterThan(58);
  expect(latencyMs.p50).toBeLessThan(72);
});

function atStart(nowMs: number) {
  const clock = { nowMs: 0 };
  const traffic = new Traffic({
    slotMs: 1_000,
    now: () => clock.nowMs,
    surroundings: () => ({ circuit: 'closed', phase: undefined }),
  });
  clock.nowMs = nowMs;
  traffic.began();
  traffic.ended('answered', 1);
  const url = new URL('http://127.0.0.1:9');
  const circuit = { state: 'closed', retryAfterMs: 0, openings: 0, closings: 0 } as const;
  const health = { draining: false, state: () => 'up' as const };
  return readStatus({
    proxy: url,
    upstream: url,
    health,
    circuit,
    schedule: undefined,
    scenario: breaker,
    guarded: { traffic, reached: null },
    without: undefined,
    parts: [],
    events: {},
    slotMs: 1_000,
  });
}

it('knows no schedule of an upstream of yours', () => {
  expect(atStart(0).schedule).toBeNull();
});

it('does not exaggerate rates in its first moments', () => {
  expect(atStart(1).perSecond.answered).toBe(1);
  expect(atStart(3_999).perSecond.answered).toBeCloseTo(1 / 4, 0);
});
