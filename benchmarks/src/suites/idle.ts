import { createHook } from 'node:async_hooks';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  circuitBreaker,
  countWindow,
  failureRatio,
  type CircuitBreakerOptions,
} from '@holdfast/circuit-breaker';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import { figuresSuite, type FiguresCase, type Found } from '../harness/figures-suite.ts';
import { liveBytes } from '../harness/heap.ts';
import { significant } from '../harness/statistics.ts';
import type { Target } from '../harness/suite.ts';
import { succeed } from '../operations.ts';

const COUNT = 10_000;
const WATCHED_MS = 2_000;

/** One kind of breaker. */
interface Kind extends FiguresCase {
  readonly make: () => unknown;
}

const KINDS: readonly Kind[] = [
  { name: 'empty object', subject: 'platform', make: () => ({}) },
  ours('consecutive', {}),
  ours('count window of 100', { tripRule: failureRatio({ window: countWindow({ calls: 100 }) }) }),
  ours('time window', { tripRule: failureRatio() }),
  peer('consecutive', () => new cockatiel.ConsecutiveBreaker(5)),
  peer('count window of 100', () => new cockatiel.CountBreaker({ threshold: 0.5, size: 100 })),
  peer('time window', () => new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 10_000 })),
  opossum('no percentiles, no snapshots', { rollingPercentilesEnabled: false, enableSnapshots: false }),
  opossum('defaults', {}),
];

const about = `What ${COUNT.toLocaleString('en')} breakers cost that nobody calls: the memory and the timers of each, and the share of a
processor that the process takes in ${WATCHED_MS / 1000} s in which nothing happens.`;

export const idle = figuresSuite('idle', about, KINDS, async ({ make }): Promise<Found> => {
  makeMany(1_000, make).forEach(close);
  const before = liveBytes();
  const startedAtMs = performance.now();
  const { made, timers } = countTimers(() => makeMany(COUNT, make));
  const nsPerOp = ((performance.now() - startedAtMs) / COUNT) * 1e6;
  const bytesPerOp = Math.round((liveBytes() - before) / COUNT);
  const cpu = await cpuShare();
  made.forEach(close);
  const figures = { 'timers each': timers / COUNT, 'idle CPU, %': significant(cpu * 100, 2) };
  return { nsPerOp: significant(nsPerOp, 3), bytesPerOp, figures };
});

const makeMany = (count: number, make: () => unknown): readonly unknown[] =>
  Array.from({ length: count }, make);

function close(made: unknown): void {
  if (made instanceof Opossum) made.shutdown();
}

function countTimers<T>(work: () => T): { readonly made: T; readonly timers: number } {
  let timers = 0;
  const hook = createHook({
    init: (_, type) => {
      if (type === 'Timeout') timers++;
    },
  }).enable();
  const made = work();
  hook.disable();
  return { made, timers };
}

async function cpuShare(): Promise<number> {
  const startedAtMs = performance.now();
  const before = process.cpuUsage();
  await sleep(WATCHED_MS);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000 / (performance.now() - startedAtMs);
}

function ours(name: string, options: CircuitBreakerOptions): Kind {
  const target: Target = { atMost: { bytesPerOp: 1_024, 'timers each': 0 } };
  return { name, subject: 'holdfast', make: () => circuitBreaker(options), target };
}

function peer(name: string, makeRule: () => cockatiel.IBreaker): Kind {
  const make = () =>
    cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: 30_000, breaker: makeRule() });
  return { name, subject: 'cockatiel', make };
}

function opossum(name: string, options: Opossum.Options): Kind {
  return { name, subject: 'opossum', make: () => new Opossum(succeed, options) };
}
