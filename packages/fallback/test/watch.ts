import type { Clock } from '@holdfast/pipeline';

/** How a promise went, and when. */
export interface Watched {
  settled: boolean;
  value?: unknown;
  error?: unknown;
  atMs?: number;
}

/** Watches a promise without changing it. */
export function watch(promise: PromiseLike<unknown>, clock?: Clock): Watched {
  const watched: Watched = { settled: false };
  const settle = (how: Partial<Watched>) =>
    Object.assign(watched, how, { settled: true, atMs: clock?.now() });
  promise.then(
    (value) => settle({ value }),
    (error: unknown) => settle({ error }),
  );
  return watched;
}
