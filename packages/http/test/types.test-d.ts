import { circuitBreaker, type BreakerRegistry } from '@holdfast/circuit-breaker';
import { createFetch, type GuardedFetch } from '@holdfast/http';
import {
  classifyAgentError,
  costBudget,
  failover,
  type FailoverAnswer,
  type FailoverStream,
  type ModelError,
} from '@holdfast/http/models';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import { expectTypeOf } from 'vitest';

const guarded = createFetch();
expectTypeOf(guarded).toEqualTypeOf<GuardedFetch>();
// Wherever a fetch is wanted, and in place of the global one.
expectTypeOf(guarded).toExtend<typeof globalThis.fetch>();
expectTypeOf(guarded('https://a.example')).toEqualTypeOf<Promise<Response>>();
expectTypeOf(guarded.breakers).toEqualTypeOf<BreakerRegistry>();
// @ts-expect-error what may be repeated is decided by the request
createFetch({ retry: { idempotent: true } });
// @ts-expect-error true is no way to retry
createFetch({ retry: true });

const models = failover({
  providers: [
    {
      name: 'a',
      strategy: circuitBreaker(),
      run: (prompt: string) => prompt.length,
      stream: () => new ReadableStream<Uint8Array>(),
    },
  ],
});
expectTypeOf(models.call('hi')).toEqualTypeOf<Promise<FailoverAnswer<number>>>();
expectTypeOf(models.stream('hi')).toEqualTypeOf<FailoverStream<Uint8Array>>();
// @ts-expect-error the input is a string
void models.call(1);

expectTypeOf(classifyAgentError({})).toEqualTypeOf<ModelError | undefined>();
expectTypeOf(costBudget({ limit: 1, windowMs: 1_000 })).toExtend<Strategy>();
expectTypeOf(pipeline(costBudget({ limit: 1, windowMs: 1_000 })).execute(() => 1)).toEqualTypeOf<
  Promise<number>
>();
