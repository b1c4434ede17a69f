import {
  aimd,
  bulkhead,
  rateLimit,
  rateLimitHeaders,
  slidingWindow,
  vegas,
  type Bulkhead,
  type BulkheadReason,
  type RateLimit,
  type RateStore,
} from '@holdfast/limiter';
import { redisRateStore } from '@holdfast/limiter/redis';
import { pipeline, type EventSource, type Strategy } from '@holdfast/pipeline';
import type { Redis } from 'ioredis';
import { expectTypeOf } from 'vitest';

const pool = bulkhead({ maxConcurrent: 5 });
expectTypeOf(pool).toEqualTypeOf<Bulkhead>();
expectTypeOf(pool).toExtend<Strategy>();
expectTypeOf(bulkhead({ maxConcurrent: vegas() })).toEqualTypeOf<Bulkhead>();
pool.on('bulkhead.rejected', (event) => expectTypeOf(event.reason).toEqualTypeOf<BulkheadReason>());
pool.on('bulkhead.limit_changed', ({ from, to }) => expectTypeOf([from, to]).toEqualTypeOf<number[]>());
// @ts-expect-error the number of places is required
bulkhead({});
// @ts-expect-error a rule of rates is no limit of concurrency
bulkhead({ maxConcurrent: slidingWindow({ limit: 1, windowMs: 1_000 }) });

const limit = rateLimit();
expectTypeOf(limit).toEqualTypeOf<RateLimit>();
expectTypeOf(limit).toExtend<EventSource<{ type: string }>>();
expectTypeOf(limit.tryAcquire()).toBeBoolean();
expectTypeOf(rateLimitHeaders(limit.status()).RateLimit).toBeString();
// @ts-expect-error a limit of concurrency is no rule of rates
rateLimit({ rule: aimd() });

declare const client: Redis;
expectTypeOf(redisRateStore({ client })).toEqualTypeOf<RateStore>();
// @ts-expect-error the client is required
redisRateStore({});

const identity = async <T>(value: T) => value;
const wrapped: typeof identity = pipeline(limit, pool).wrap(identity);
expectTypeOf(wrapped('text' as const)).toEqualTypeOf<Promise<'text'>>();
