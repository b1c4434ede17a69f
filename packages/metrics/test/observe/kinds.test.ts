import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateSigner, openEngine } from '@holdfast/audit';
import { chaos } from '@holdfast/chaos';
import { circuitBreaker } from '@holdfast/circuit-breaker';
import { batch, cache, fallback, mock } from '@holdfast/fallback';
import { createHealth } from '@holdfast/health';
import { bulkhead, rateLimit } from '@holdfast/limiter';
import { hedge, retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { CHECK } from '../../src/observe/health-kinds.ts';
import type { Kind, Stats } from '../../src/observe/kind.ts';
import { KindSeries } from '../../src/observe/kind-series.ts';
import { readingsOf } from '../../src/observe/readings.ts';
import { createMetrics, observe, type Metrics } from '../../src/index.ts';
import { valuesOf } from './values.ts';

/** The fields of stats that are numbers, or records of numbers. */
function figuresOf(stats: Stats): string[] {
  const isNumber = (value: unknown) => typeof value === 'number';
  return Object.keys(stats).filter((field) => {
    const value = stats[field];
    const isRecord = typeof value === 'object' && value !== null && !Array.isArray(value);
    return isNumber(value) || (isRecord && Object.values(value).every(isNumber));
  });
}

const figuresKnown = ({ totals, levels }: Kind) => [...totals, ...levels].map(({ from }) => from);

const STRATEGIES = [
  circuitBreaker({ name: 'c' }),
  retry({ name: 'r' }),
  hedge({ name: 'h', delayMs: 1 }),
  timeout({ name: 't', timeoutMs: 1 }),
  chaos({ name: 'x', faults: [] }),
  bulkhead({ name: 'b', maxConcurrent: 1 }),
  rateLimit({ name: 'l' }),
  fallback({ name: 'f', steps: [mock(() => 1)] }),
  cache({ name: 'k', keyBy: () => 'all' }),
  batch({ name: 'g', run: () => Promise.resolve([]) }),
];

/** What is not shown, and why. */
const LEFT_OUT: Readonly<Record<string, string>> = {
  hitRatio: 'a rate of the hits says more',
  slow: 'part of successes and failures',
  failureRatio: 'a rate of the failures says more',
  slowRatio: 'a rate of the slow calls says more',
  changedAtMs: 'transitions are counted as they come',
  consecutiveFailures: 'would be another number at every call',
};

describe('the figures of what there is in Holdfast', () => {
  it.each(STRATEGIES.map((each) => [each.constructor.name, each.name, each] as const))(
    'are all known by the names that they have: %s %s',
    (_, __, strategy) => {
      const [reading] = [...readingsOf(strategy)];
      expect(reading).toBeDefined();
      const stats = reading?.stats ?? {};
      const known = reading === undefined ? [] : figuresKnown(reading.kind);
      expect(known.filter((field) => !(field in stats))).toEqual([]);
      expect(figuresOf(stats).filter((field) => !known.includes(field) && !(field in LEFT_OUT))).toEqual([]);
    },
  );

  it('are all known of the checks of a health', async () => {
    const health = createHealth({ checks: [{ name: 'disk', run: () => undefined }] });
    await health.start();
    const [stats] = health.stats();
    health.close();
    const all: Stats = { ...stats };
    expect(figuresKnown(CHECK).filter((field) => !(field in all))).toEqual([]);
    const leftOut = ['lateResults', 'transitions', 'consecutiveFailures', 'maxDurationMs'];
    expect(
      figuresOf(all)
        .filter((field) => !figuresKnown(CHECK).includes(field))
        .toSorted(),
    ).toEqual(leftOut.toSorted());
  });

  it('are all known of an audit log', async () => {
    const dir = mkdtempSync(path.join(tmpdir(), 'holdfast-kinds-'));
    const engine = await openEngine({ dir, origin: 'audit.example/test', signer: generateSigner() });
    const [reading] = [...readingsOf(engine)];
    await engine.close();
    rmSync(dir, { recursive: true });
    const known = reading === undefined ? [] : figuresKnown(reading.kind);
    expect(figuresOf(reading?.stats ?? {}).filter((field) => !known.includes(field))).toEqual([]);
  });
});

describe('what is observed no longer', () => {
  const { gc } = globalThis as { gc?: () => void };

  /** A broker that nobody else holds, and that says it is closed as soon as it is told to be. */
  function observeBroker(metrics: Metrics) {
    const state = { closed: false };
    const broker = { stats: () => ({ issued: { api: 1 }, denied: {} }) };
    Object.defineProperty(broker, 'closed', { get: () => state.closed });
    const stop = observe(metrics, broker);
    return { state, stop, reference: new WeakRef(broker) };
  }

  /** Whether something goes away once nobody holds it. */
  async function goesAway(reference: WeakRef<object>): Promise<boolean> {
    for (let i = 0; i < 10 && reference.deref() !== undefined; i++) {
      await new Promise((resolve) => setImmediate(resolve));
      gc?.();
    }
    return reference.deref() === undefined;
  }

  it.skipIf(gc === undefined)('is let go of', async () => {
    const metrics = createMetrics();
    const closing = observeBroker(metrics);
    const stopping = observeBroker(metrics);
    const staying = observeBroker(metrics);
    closing.state.closed = true;
    stopping.stop();
    await valuesOf(metrics, 'tokens_issued_total');
    expect(await goesAway(closing.reference)).toBe(true);
    expect(await goesAway(stopping.reference)).toBe(true);
    expect(await goesAway(staying.reference)).toBe(false);
  });
});

describe('the series of a kind', () => {
  const kind: Kind = {
    has: [],
    label: 'name',
    totals: [{ from: 'total', name: 'things_total', help: 'T', by: 'kind' }],
    levels: [{ from: 'level', name: 'things_now', help: 'L', by: 'kind' }],
  };
  const numbers = fc.dictionary(fc.constantFrom('a', 'b', 'c'), fc.nat(9), { noNullPrototype: true });

  it('are what was told last of levels, and the sum of all rises of totals', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ total: numbers, level: numbers }), { minLength: 1, maxLength: 8 }),
        async (told) => {
          const metrics = createMetrics();
          metrics.counter({ name: 'other_total', help: 'O' });
          const series = new KindSeries(metrics, kind, { name: 'x' });
          const last = new Map<string, number>();
          const sums = new Map<string, number>();
          for (const { total, level } of told) {
            series.update({ total, level });
            for (const [key, value] of Object.entries(total)) {
              sums.set(key, (sums.get(key) ?? 0) + Math.max(0, value - (last.get(key) ?? 0)));
              last.set(key, value);
            }
          }
          const shown = (entries: Iterable<readonly [string, number]>) =>
            Object.fromEntries(
              [...entries].flatMap(([key, value]) => (value === 0 ? [] : [[`x ${key}`, value]])),
            );
          expect(await valuesOf(metrics, 'things_total')).toEqual(shown(sums));
          expect(await valuesOf(metrics, 'things_now')).toEqual(
            shown(Object.entries(told.at(-1)?.level ?? {})),
          );
          series.end();
          expect(await valuesOf(metrics, 'things_now')).toEqual({});
          expect(await valuesOf(metrics, 'things_total')).toEqual(shown(sums));
        },
      ),
    );
  });

  it('leave out what is no number', async () => {
    const metrics = createMetrics();
    new KindSeries(metrics, kind, { name: 'x' }).update({
      total: { a: NaN, b: '1', c: undefined },
      level: { a: true },
    });
    expect(await valuesOf(metrics, 'things_total')).toEqual({});
    expect(await valuesOf(metrics, 'things_now')).toEqual({ 'x a': 1 });
  });
});
