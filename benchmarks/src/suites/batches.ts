import { batch, type BatchOptions } from '@holdfast/fallback';
import DataLoader from 'dataloader';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';

const about = `Items that are added one after the other in one turn, and looked up together. An operation is a whole batch, so
that its time is that of 10 items, or 100; the baseline looks each of 10 up by itself. dataloader remembers nothing here,
and has the same number of items a batch; it leaves at the end of the turn, as Holdfast does with \`maxWaitMs: 0\` after the
next timer, unless a batch is full before: then Holdfast's leaves at once. "with a signal" can take each item back until
it has left, which dataloader cannot.`;

const lookUp = (id: number) => Promise.resolve(id * 2);
const lookUpAll = (ids: readonly number[]) => Promise.resolve(ids.map((id) => id * 2));
const IDS = Array.from({ length: 100 }, (_, index) => index);

/** What an item may cost, in nanoseconds. */
const NS_PER_ITEM = 1_000;

const items = (count: number) => `${count} items`;

export const batches = timingSuite('batch', about, () => [
  each(10),
  ...[10, 100].flatMap((count) => [ours(items(count), count), loaded(count)]),
  ours(`${items(10)}, by key`, 10, { keyBy: () => 'a' }),
  ours(`${items(10)}, with a signal`, 10, {}, new AbortController().signal),
]);

function each(count: number): TimedCase {
  const ids = IDS.slice(0, count);
  return { name: 'each by itself', subject: 'platform', op: () => Promise.all(ids.map(lookUp)) };
}

function ours(
  name: string,
  count: number,
  options: Partial<BatchOptions<number, number>> = {},
  signal?: AbortSignal,
): TimedCase {
  const ids = IDS.slice(0, count);
  const run = async (found: readonly number[]) =>
    (await lookUpAll(found)).map((value) => ({ ok: true, value }) as const);
  const doubles = batch({ run, maxItems: count, ...options });
  const target: Target = { atMost: { nsPerOp: count * NS_PER_ITEM } };
  const op = () => Promise.all(ids.map((id) => doubles.add(id, signal && { signal })));
  return { name, subject: 'holdfast', job: items(count), op, target };
}

function loaded(count: number): TimedCase {
  const ids = IDS.slice(0, count);
  const loader = new DataLoader(lookUpAll, { cache: false, maxBatchSize: count });
  return {
    name: items(count),
    subject: 'dataloader',
    job: items(count),
    op: () => Promise.all(ids.map((id) => loader.load(id))),
  };
}
