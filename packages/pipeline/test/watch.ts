import type { Clock } from '@holdfast/pipeline';

/** How a promise went, and when. */
export interface Watched {
  /** How often it settled; more than once is a defect that only a broken thenable could show. */
  settled: number;
  value?: unknown;
  error?: unknown;
  atMs?: number;
}

/** Watches a promise without changing it. */
export function watch(promise: PromiseLike<unknown>, clock?: Clock): Watched {
  const watched: Watched = { settled: 0 };
  const settle = (how: Partial<Watched>) =>
    Object.assign(watched, how, { settled: watched.settled + 1 }, clock && { atMs: clock.now() });
  promise.then(
    (value) => settle({ value }),
    (error: unknown) => settle({ error }),
  );
  return watched;
}
