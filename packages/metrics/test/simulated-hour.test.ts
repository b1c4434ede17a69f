import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { beforeAll, describe, expect, it } from 'vitest';
import { createMetrics, createReports, type MetricSnapshot } from '../src/index.ts';
import { PROTOBUF } from './metric-families.ts';
import { OPEN_METRICS } from './scrape.ts';

const { gc } = globalThis as { gc?: () => void };
const LIMIT = 50;
const TTL_MS = 5 * 60_000;
const WRITES_A_MINUTE = 200;
const HOSTILE = ['"', '\\', '\n', '__proto__', '\ud800', '\0', ',', '|', '', '💥'.repeat(200)];

function heapBytes(): number {
  for (let i = 0; i < 4; i++) gc?.();
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

/** What there is at the end of a minute. */
interface Minute {
  readonly series: readonly number[];
  readonly bodies: readonly number[];
  /** Measured every ten minutes. */
  readonly heap: number;
}

/** An hour of requests whose labels are never the same twice, scraped every 15 seconds in every format. */
async function live(): Promise<{ minutes: readonly Minute[]; afterwards: readonly MetricSnapshot[] }> {
  const clock = manualClock({ wallStartMs: 1_700_000_000_000 });
  const random = seededRandom(7);
  const metrics = createMetrics({ clock, seriesLimit: LIMIT, exposeCreated: true });
  const reports = createReports(metrics, { history: ['wait_seconds'], maxSeries: 20 });
  const labels = ['path', 'agent'] as const;
  const requests = metrics.counter({ name: 'requests_total', help: 'R', labels });
  const waits = metrics.histogram({
    name: 'wait_seconds',
    help: 'W',
    labels,
    ttlMs: TTL_MS,
    buckets: [1],
    native: { maxBuckets: 20 },
    exemplar: () => ({ trace_id: String(random()) }),
  });
  const depths = metrics.gauge({ name: 'depth', help: 'D', labels, ttlMs: TTL_MS });
  const held = Array.from({ length: 20 }, (_, index) => waits.with('/held', String(index)));

  const write = () => {
    const hostile = HOSTILE[Math.floor(random() * HOSTILE.length)] ?? '';
    const given = { path: `/${random()}${hostile}`, agent: hostile };
    requests.inc(given);
    depths.set(given, random());
    waits.observe(given, (random() - 0.5) * 10 ** Math.floor(random() * 600 - 300));
    held[Math.floor(random() * held.length)]?.observe(random());
  };
  const minute = async (number: number): Promise<Minute> => {
    let bodies: number[] = [];
    for (let quarter = 0; quarter < 4; quarter++) {
      for (let i = 0; i < WRITES_A_MINUTE / 4; i++) write();
      await clock.advance(15_000);
      const all = await Promise.all(
        [undefined, OPEN_METRICS, PROTOBUF].map((accept) => metrics.expose(accept)),
      );
      bodies = all.map(({ body }) => body.length);
    }
    return {
      series: metrics.snapshot().map((metric) => metric.series.length),
      bodies,
      heap: number % 10 === 9 ? heapBytes() : 0,
    };
  };

  const minutes: Minute[] = [];
  for (let i = 0; i < 60; i++) minutes.push(await minute(i));
  await clock.advance(TTL_MS);
  await metrics.expose();
  await clock.advance(TTL_MS);
  await metrics.expose();
  const afterwards = metrics.snapshot();
  reports.close();
  return { minutes, afterwards };
}

describe('an hour of hostile traffic', () => {
  let minutes: readonly Minute[];
  let afterwards: readonly MetricSnapshot[];
  const most = (from: number, to: number, of: (minute: Minute) => readonly number[]) =>
    minutes.slice(from, to).reduce((max, minute) => Math.max(max, ...of(minute)), 0);

  beforeAll(async () => {
    ({ minutes, afterwards } = await live());
  }, 120_000);

  it('makes no more series than their limits and the overflow', () => {
    for (const { series } of minutes)
      for (const count of series) expect(count).toBeLessThanOrEqual(LIMIT + 1);
  });

  it('makes scrapes that are no longer in the last half hour than in the first', () => {
    const bodies = (minute: Minute) => minute.bodies;
    // Numbers have more digits as they rise.
    expect(most(30, 60, bodies)).toBeLessThan(1.1 * most(0, 30, bodies));
  });

  it.skipIf(gc === undefined)('leaves nothing behind on the heap', () => {
    const heap = (minute: Minute) => [minute.heap];
    expect(most(30, 60, heap) - most(0, 30, heap)).toBeLessThan(500_000);
  });

  it('is forgotten when it has been over for long enough', () => {
    const left = new Map(afterwards.map(({ name, series }) => [name, series.length]));
    // Those with a time to live keep the overflow series alone.
    expect([left.get('wait_seconds'), left.get('depth')]).toEqual([1, 1]);
    expect(left.get('requests_total')).toBe(LIMIT + 1);
  });
});
