import { pipeline, type Strategy } from '@holdfast/pipeline';
import {
  apiCall,
  awsCall,
  hedge,
  keyedBudget,
  networkOperation,
  quotaBudget,
  retry,
  retryAfterOf,
  retryBudget,
  tokenBudget,
  type Hedge,
  type Retry,
  type RetryBudget,
  type RetryEvent,
  type RetryOptions,
} from '@holdfast/retry';
import { expectTypeOf } from 'vitest';

const strategy = retry();
expectTypeOf(strategy).toEqualTypeOf<Retry>();
expectTypeOf(strategy).toExtend<Strategy>();
expectTypeOf(hedge({ delayMs: 5 })).toEqualTypeOf<Hedge>();
expectTypeOf(strategy.execute(() => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(pipeline(strategy, hedge({ delayMs: 5 })).execute(async () => 'a')).toEqualTypeOf<
  Promise<string>
>();

// The result is not widened, so generics and overloads survive.
const identity = async <T>(value: T) => value;
const wrapped: typeof identity = strategy.wrap(identity);
expectTypeOf(wrapped('text' as const)).toEqualTypeOf<Promise<'text'>>();

strategy.on('retry.scheduled', (event) => {
  expectTypeOf(event.delayMs).toBeNumber();
  expectTypeOf(event.cause).toBeUnknown();
});
strategy.on('retry.exhausted', (event) => expectTypeOf(event.attempt).toBeNumber());
// @ts-expect-error a recovered call has no cause
strategy.on('retry.recovered', ({ cause: _ }) => undefined);
// @ts-expect-error no listener for what is never told
strategy.on('retry.started', () => undefined);
expectTypeOf<RetryEvent['type']>().toEqualTypeOf<
  | 'retry.scheduled'
  | 'retry.recovered'
  | 'retry.exhausted'
  | 'retry.budget_exhausted'
  | 'retry.deadline_exhausted'
>();

expectTypeOf(apiCall).toExtend<RetryOptions>();
retry({ ...networkOperation, name: 'dns' });
retry({ ...awsCall, budget: quotaBudget() });
retry({ backoff: (number, cause) => (cause instanceof Error ? number * 100 : undefined) });
// @ts-expect-error attempts are counted, not retries
retry({ retries: 3 });
// @ts-expect-error a classifier answers at once
retry({ retryIf: async () => true });
// @ts-expect-error the delay is required
hedge({});

expectTypeOf(retryBudget()).toEqualTypeOf<RetryBudget>();
expectTypeOf(keyedBudget({ keyBy: ({ host }) => host, create: tokenBudget })).toEqualTypeOf<RetryBudget>();
expectTypeOf(retryAfterOf(new Response())).toEqualTypeOf<number | undefined>();
