import { circuitBreaker, shareBreaker } from '@holdfast/circuit-breaker';
import { redisBreakerStore } from '@holdfast/circuit-breaker/redis';
import { rateLimit, slidingWindow, type RateLimitOptions } from '@holdfast/limiter';
import { redisRateStore } from '@holdfast/limiter/redis';
import type { Redis } from 'ioredis';
import { RateLimiterRedis } from 'rate-limiter-flexible';
import type { Target } from '../harness/suite.ts';
import { succeed } from '../operations.ts';

const WINDOW_MS = 60_000;
/** More than anybody uses up. */
const PLENTY = 1e9;
/** Longer than a busy machine takes to answer, so that no process ever decides alone. */
const ANSWER_MS = 10_000;

/** What each of several processes does over and over. */
export interface SharedCase {
  readonly name: string;
  readonly subject: string;
  readonly target?: Target;
  /** Makes the operation of one process. */
  readonly open: (client: Redis, instance: string) => () => Promise<unknown>;
}

const trips = (atMost: number): Target => ({ atMost: { 'round trips a call': atMost } });

/** All cases; the first is the baseline. */
export const sharedCases: readonly SharedCase[] = [
  { name: 'await fn()', subject: 'platform', open: () => succeed },
  { name: 'breaker alone', subject: 'holdfast', open: breakerAlone },
  { name: 'shared breaker', subject: 'holdfast', target: trips(0.001), open: sharedBreaker },
  { name: 'limit alone', subject: 'holdfast', open: () => limited({ name: 'alone' }) },
  { name: 'shared limit, leased', subject: 'holdfast', target: trips(1 / 20), open: sharedLimit('leased') },
  { name: 'shared limit, exact', subject: 'holdfast', target: trips(1), open: sharedLimit('exact') },
  { name: 'shared limit, fixed window', subject: 'rate-limiter-flexible', open: flexible },
];

function breakerAlone(): () => Promise<unknown> {
  const breaker = circuitBreaker();
  return () => breaker.execute(succeed);
}

function sharedBreaker(client: Redis, instance: string): () => Promise<unknown> {
  const breaker = circuitBreaker({ name: 'upstream' });
  shareBreaker(breaker, { store: redisBreakerStore({ client }), instance });
  return () => breaker.execute(succeed);
}

function limited(options: RateLimitOptions): () => Promise<unknown> {
  const rule = slidingWindow({ limit: PLENTY, windowMs: WINDOW_MS });
  const limit = rateLimit({ rule, answerMs: ANSWER_MS, ...options });
  return () => limit.execute(succeed);
}

function sharedLimit(mode: 'exact' | 'leased'): SharedCase['open'] {
  return (client) => limited({ name: mode, store: redisRateStore({ client, mode }) });
}

function flexible(client: Redis): () => Promise<unknown> {
  const limiter = new RateLimiterRedis({
    storeClient: client,
    points: PLENTY,
    duration: WINDOW_MS / 1_000,
    keyPrefix: 'flexible',
  });
  return async () => {
    await limiter.consume('a');
    return succeed();
  };
}
