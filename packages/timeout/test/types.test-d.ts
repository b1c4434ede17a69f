import type { EventSource, Strategy } from '@holdfast/pipeline';
import {
  createTimeouts,
  deadlineHeaders,
  readDeadline,
  timeout,
  timeoutFor,
  type DeadlineHeaders,
  type OperationName,
  type Timeout,
  type TimeoutElapsedEvent,
} from '@holdfast/timeout';
import type { IncomingHttpHeaders } from 'node:http';
import { expectTypeOf } from 'vitest';

const strategy = timeout({ timeoutMs: 1_000 });
expectTypeOf(strategy).toEqualTypeOf<Timeout>();
expectTypeOf(strategy).toExtend<Strategy>();
expectTypeOf(strategy).toExtend<EventSource<TimeoutElapsedEvent>>();
expectTypeOf(strategy.execute(() => 1)).toEqualTypeOf<Promise<number>>();
strategy.on('timeout.elapsed', (event) => expectTypeOf(event.timeoutMs).toBeNumber());

// The result is not widened, so generics and overloads survive.
const identity = async <T>(value: T) => value;
const wrapped: typeof identity = strategy.wrap(identity);
expectTypeOf(wrapped('text' as const)).toEqualTypeOf<Promise<'text'>>();

// @ts-expect-error the time is required
timeout({});
// @ts-expect-error there are two modes
timeout({ timeoutMs: 1, mode: 'lax' });
// @ts-expect-error no listener for what is never told
strategy.on('timeout.started', () => undefined);

timeoutFor('db.query') satisfies number;
timeoutFor('whatever') satisfies number;
expectTypeOf<'db.query'>().toExtend<OperationName>();
expectTypeOf<'whatever'>().not.toExtend<OperationName>();
expectTypeOf(createTimeouts({ 'my.op': 1_000 })('my.op')).toBeNumber();

expectTypeOf(readDeadline(new Headers())).toEqualTypeOf<number | undefined>();
expectTypeOf<IncomingHttpHeaders>().toExtend<DeadlineHeaders>();
readDeadline({ 'Holdfast-Timeout-Ms': '5' }, { maxMs: 1_000 });
void strategy.execute((ctx) => fetch('https://a.example', { headers: deadlineHeaders(ctx) }));
