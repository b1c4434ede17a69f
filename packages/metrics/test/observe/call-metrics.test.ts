import { circuitBreaker } from '@holdfast/circuit-breaker';
import { pipeline } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { retry } from '@holdfast/retry';
import { describe, expect, it } from 'vitest';
import { callMetrics, createMetrics, type Metrics } from '../../src/index.ts';

function seriesOf(metrics: Metrics, name: string) {
  const [snapshot] = metrics.snapshot();
  if (snapshot?.type !== 'histogram') throw new Error('no histogram');
  return snapshot.series
    .filter(({ labels, count }) => labels['name'] === name && count > 0)
    .map(({ labels, count, sum }) => [labels['outcome'], count, sum]);
}

describe('callMetrics', () => {
  it('measures whole calls in front and attempts behind', async () => {
    const clock = manualClock();
    const metrics = createMetrics({ clock });
    const guarded = pipeline(
      callMetrics(metrics, { name: 'call' }),
      retry({ maxAttempts: 2, baseDelayMs: 1_000, backoff: () => 1_000, clock }),
      callMetrics(metrics, { name: 'attempt' }),
    );
    const call = guarded.execute(
      script(clock, { error: new Error('x'), afterMs: 100 }, { value: 7, afterMs: 200 }),
    );
    await clock.run();
    expect(await call).toBe(7);
    const [attemptSuccess, attemptFailure] = seriesOf(metrics, 'attempt');
    expect([attemptSuccess, attemptFailure]).toEqual([
      ['success', 1, 0.2],
      ['failure', 1, 0.1],
    ]);
    const [whole] = seriesOf(metrics, 'call');
    expect(whole?.slice(0, 2)).toEqual(['success', 1]);
    expect(whole?.[2]).toBeGreaterThan(0.3);
  });

  it('counts refused calls as ignored', async () => {
    const metrics = createMetrics();
    const breaker = circuitBreaker({ name: 'x' });
    breaker.trip();
    await pipeline(callMetrics(metrics, { name: 'call' }), breaker).try(() => 1);
    expect(seriesOf(metrics, 'call').map(([outcome]) => outcome)).toEqual(['ignored']);
  });

  it('refuses wrong options', () => {
    expect(() => callMetrics(createMetrics(), {} as never)).toThrow('callMetrics: name must be a string');
    expect(() => callMetrics(createMetrics(), { name: 'x', buckets: [2, 1] })).toThrow(TypeError);
  });
});
