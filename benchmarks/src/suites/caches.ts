import { cache, type CacheOptions } from '@holdfast/fallback';
import DataLoader from 'dataloader';
import { LRUCache } from 'lru-cache';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed } from '../operations.ts';

const HIT = 'hit';
const MISS = 'miss';
const TOGETHER = '10 calls for one value';

const about = `A call through a cache of 1,000 values that are fresh for five minutes. "${MISS}" asks for another value each time, so
that one has to go for it; in "${TOGETHER}" they come at once and share one run of the operation. lru-cache, on which
Holdfast's is built, fetches by itself; dataloader remembers promises, for as long as a request takes, and none of its
values goes or gets old: it has no case of a miss, since it would remember all of a benchmark.`;

const TTL_MS = 300_000;
const MAX_ENTRIES = 1_000;

export const caches = timingSuite('cache', about, () => [
  bareCall,
  asyncWrapper,
  { ...hit(HIT), target: { atMost: { nsPerOp: 200 } } },
  hit(`${HIT}, stale`, { ttlMs: 0, staleMs: TTL_MS }),
  miss(),
  together(),
  ...lruCases(),
  dataloaderHit(),
]);

const ours = (options: Partial<CacheOptions<number>> = {}) =>
  cache<number>({ keyBy: ({ id }) => id, ttlMs: TTL_MS, maxEntries: MAX_ENTRIES, ...options });

function hit(name: string, options?: Partial<CacheOptions<number>>): TimedCase {
  const values = ours(options);
  const call = { attributes: { id: 'a' } };
  values.set('a', 42);
  return { name, subject: 'holdfast', job: HIT, op: () => values.execute(succeed, call) };
}

function miss(): TimedCase {
  const values = ours();
  let calls = 0;
  return {
    name: MISS,
    subject: 'holdfast',
    job: MISS,
    op: () => values.execute(succeed, { attributes: { id: String(calls++) } }),
    counted: () => values.stats().misses,
  };
}

function together(): TimedCase {
  const values = ours();
  let calls = 0;
  return {
    name: TOGETHER,
    subject: 'holdfast',
    job: TOGETHER,
    op: () => {
      const call = { attributes: { id: String(calls++) } };
      return Promise.all(Array.from({ length: 10 }, () => values.execute(succeed, call)));
    },
  };
}

function lruCases(): readonly TimedCase[] {
  const options = { max: MAX_ENTRIES, ttl: TTL_MS, fetchMethod: succeed };
  const known = new LRUCache<string, number>(options);
  const values = new LRUCache<string, number>(options);
  let calls = 0;
  known.set('a', 42);
  const subject = 'lru-cache';
  return [
    { name: HIT, subject, job: HIT, op: () => known.fetch('a') },
    { name: MISS, subject, job: MISS, op: () => values.fetch(String(calls++)) },
    {
      name: TOGETHER,
      subject,
      job: TOGETHER,
      op: () => {
        const key = String(calls++);
        return Promise.all(Array.from({ length: 10 }, () => values.fetch(key)));
      },
    },
  ];
}

function dataloaderHit(): TimedCase {
  const loader = new DataLoader((ids: readonly string[]) => Promise.resolve(ids.map(() => 42)));
  loader.prime('a', 42);
  return { name: HIT, subject: 'dataloader', job: HIT, op: () => loader.load('a') };
}
