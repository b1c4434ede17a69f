import {
  createEmitter,
  defineStrategy,
  isTimeout,
  pipeline,
  readOptions,
  type Call,
  type Composable,
  type ExecutionContext,
  type Operation,
  type Result,
  type Strategy,
  type TimeoutError,
} from '@holdfast/pipeline';
import { ambient } from '@holdfast/pipeline/node';
import { expectTypeOf } from 'vitest';

const strict = defineStrategy('strict', []);
const spare = defineStrategy<'spare'>('spare', []);
const nothing = defineStrategy<null>('nothing', []);

// Results.
expectTypeOf(strict).toEqualTypeOf<Strategy>();
expectTypeOf(strict.execute(() => 1)).toEqualTypeOf<Promise<number>>();
expectTypeOf(strict.execute(async () => 'text')).toEqualTypeOf<Promise<string>>();
expectTypeOf(strict.execute((ctx) => ctx)).toEqualTypeOf<Promise<ExecutionContext>>();
expectTypeOf(spare.execute(() => 1)).toEqualTypeOf<Promise<number | 'spare'>>();
expectTypeOf(spare.try(() => 1)).toEqualTypeOf<Promise<Result<number | 'spare'>>>();
expectTypeOf(spare.define((_ctx, id: string) => id.length)).toEqualTypeOf<
  (id: string) => Promise<number | 'spare'>
>();

const result: Result<number> = await strict.try(() => 1);
if (result.ok)
  expectTypeOf(result).toEqualTypeOf<{
    readonly ok: true;
    readonly value: number;
    readonly degraded: boolean;
  }>();
else expectTypeOf(result.error).toBeUnknown();
// @ts-expect-error the value of a result is there only when it is ok
void result.value;

// wrap keeps the function's own type where nothing widens the result.
async function identity<T>(value: T): Promise<T> {
  return value;
}
function load(id: number): Promise<Date>;
function load(name: string): Promise<RegExp>;
function load(_key: number | string): Promise<never> {
  throw new Error();
}
async function balance(this: { balance: number }, _more: number) {
  return this.balance;
}
const kept: typeof identity = strict.wrap(identity);
expectTypeOf(kept).toBeFunction();
expectTypeOf(strict.wrap(identity)('text' as const)).toEqualTypeOf<Promise<'text'>>();
expectTypeOf(strict.wrap(load)).toEqualTypeOf<typeof load>();
expectTypeOf(strict.wrap(load)(1)).toEqualTypeOf<Promise<Date>>();
expectTypeOf(strict.wrap(load)('a')).toEqualTypeOf<Promise<RegExp>>();
expectTypeOf(strict.wrap(balance)).toEqualTypeOf<typeof balance>();
// @ts-expect-error `this` is kept, and missing here
void strict.wrap(balance)(1);
// @ts-expect-error a function that answers without a promise cannot be wrapped
strict.wrap((value: number) => value);

// Where something widens the result, it says so, and keeps `this` and the arguments.
expectTypeOf(spare.wrap(balance)).toEqualTypeOf<
  (this: { balance: number }, more: number) => Promise<number | 'spare'>
>();
expectTypeOf(spare.wrap(async (a: string, b?: boolean) => a.length > 0 && b)).parameters.toEqualTypeOf<
  [a: string, b?: boolean | undefined]
>();

// Pipelines.
expectTypeOf(pipeline()).toEqualTypeOf<Strategy>();
expectTypeOf(pipeline(strict, strict)).toEqualTypeOf<Strategy>();
expectTypeOf(pipeline(strict, spare)).toEqualTypeOf<Strategy<'spare'>>();
expectTypeOf(pipeline(spare, strict, nothing).execute(() => 1)).toEqualTypeOf<
  Promise<number | 'spare' | null>
>();
const ten = pipeline(
  strict,
  strict,
  strict,
  strict,
  spare,
  strict,
  strict,
  pipeline(strict, nothing),
  strict,
  strict,
);
expectTypeOf(ten).toEqualTypeOf<Strategy<'spare' | null>>();
const list: Strategy[] = [strict, strict];
expectTypeOf(pipeline(...list)).toEqualTypeOf<Strategy>();
expectTypeOf(ambient(spare)).toEqualTypeOf<Strategy<'spare'>>();

// A strategy that widens is not one that does not; the other way round is sound.
expectTypeOf<Strategy>().toExtend<Strategy<'spare'>>();
expectTypeOf<Strategy<'spare'>>().not.toExtend<Strategy>();
expectTypeOf<Strategy<'spare'>>().toExtend<Composable>();
// @ts-expect-error a fallback would be lost
const narrowed: Strategy = spare;
void narrowed;

// Foreign policies.
class Cockatiel {
  async execute<T>(fn: (context: { readonly signal: AbortSignal }) => T | PromiseLike<T>): Promise<T> {
    return fn({ signal: new AbortController().signal });
  }
}
expectTypeOf(pipeline(new Cockatiel(), strict)).toEqualTypeOf<Strategy>();
expectTypeOf(pipeline(new Cockatiel(), spare)).toEqualTypeOf<Strategy<'spare'>>();
// @ts-expect-error not a strategy
pipeline(strict, { run: () => undefined });
// @ts-expect-error not a strategy
pipeline('retry');

// Streams.
expectTypeOf(
  strict.stream(async function* () {
    yield 1;
  }),
).toEqualTypeOf<AsyncIterableIterator<number>>();
expectTypeOf(strict.stream(() => new ReadableStream<string>())).toEqualTypeOf<
  AsyncIterableIterator<string>
>();
strict.stream(async () => new ReadableStream<string>(), {
  resume: ({ delivered, last }, ctx) => {
    expectTypeOf(delivered).toBeNumber();
    expectTypeOf(last).toBeString();
    expectTypeOf(ctx).toEqualTypeOf<ExecutionContext>();
    return new ReadableStream<string>();
  },
});
// @ts-expect-error an array is no stream
strict.stream(() => [1, 2]);

// Options of a call.
const within: ExecutionContext = {} as Call;
void strict.execute(() => 1, {
  signal: undefined,
  timeoutMs: undefined,
  within,
  attributes: { host: 'a' },
  cost: 1,
});
// @ts-expect-error no such option
void strict.execute(() => 1, { timeout: 5 });
// @ts-expect-error durations are numbers
void strict.execute(() => 1, { timeoutMs: '5s' });
// @ts-expect-error an operation is a function
void strict.execute(5);
expectTypeOf<(ctx: ExecutionContext) => PromiseLike<number>>().toExtend<Operation<number>>();

// Guards, events and options.
const error: unknown = undefined;
if (isTimeout(error)) expectTypeOf(error).toEqualTypeOf<TimeoutError>();
const emitter = createEmitter<{ type: 'a'; n: number } | { type: 'b' }>();
emitter.on('a', (event) => expectTypeOf(event.n).toBeNumber());
// @ts-expect-error no such event
emitter.on('c', () => undefined);
// @ts-expect-error an event of that type has more
emitter.emit({ type: 'a' });
const given: { readonly size?: number } = {};
expectTypeOf(readOptions('pool', given, { size: () => undefined }, { size: 1 }).size).toBeNumber();
// @ts-expect-error every option has a rule
readOptions('pool', given, {}, {});
