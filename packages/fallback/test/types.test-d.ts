import { basic, batch, cache, fallback, fromCache, mock, type Batch, type Cache } from '@holdfast/fallback';
import { redisCacheStore } from '@holdfast/fallback/redis';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import type { Redis } from 'ioredis';
import { expectTypeOf } from 'vitest';

declare const client: Redis;
const users = cache<string>({ keyBy: ({ id }) => id, store: redisCacheStore({ client }) });
expectTypeOf(users).toEqualTypeOf<Cache<string>>();
expectTypeOf(users).toExtend<Strategy>();
expectTypeOf(users.peek('a')).toEqualTypeOf<string | undefined>();

// What the steps answer widens the type of the result.
const guarded = pipeline(fallback({ steps: [fromCache(users), mock(() => 'made up')] }), users);
expectTypeOf(guarded.execute(() => 1)).toEqualTypeOf<Promise<number | string>>();
expectTypeOf(fallback({ steps: [basic(null)] }).execute(() => 'a')).toEqualTypeOf<Promise<string | null>>();
// @ts-expect-error there is nothing to answer with
fallback({});

const names = batch({
  run: (ids: readonly number[]) =>
    Promise.resolve(ids.map((id) => ({ ok: true as const, value: `user ${id}` }))),
});
expectTypeOf(names).toEqualTypeOf<Batch<number, string>>();
expectTypeOf(names.add(1)).toEqualTypeOf<Promise<string>>();
// @ts-expect-error an item is a number
void names.add('1');
