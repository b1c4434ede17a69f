import type { Clock } from '@holdfast/pipeline';

/** What a test's source does when it is asked for its next item. */
export type Pull<T> =
  | { readonly item: T; readonly afterMs?: number }
  | { readonly error: unknown; readonly afterMs?: number }
  | { readonly hang: true };

/** A source that plays a script and counts. */
export interface Source<T> extends AsyncIterable<T> {
  pulled: number;
  returned: number;
}

/**
 * Makes a source, which ends after its last pull.
 *
 * @param onReturn - what its `return` does. Default: succeeds
 */
export function source<T>(
  clock: Clock,
  pulls: readonly Pull<T>[],
  onReturn: () => PromiseLike<unknown> = () => Promise.resolve(),
): Source<T> {
  const all: Source<T> = {
    pulled: 0,
    returned: 0,
    [Symbol.asyncIterator]: () => ({
      next: () => play(clock, pulls[all.pulled++]),
      return: async () => {
        all.returned++;
        await onReturn();
        return { done: true, value: undefined };
      },
    }),
  };
  return all;
}

const play = <T>(clock: Clock, pull: Pull<T> | undefined) =>
  new Promise<IteratorResult<T>>((resolve, reject) => {
    if (pull === undefined) return resolve({ done: true, value: undefined });
    if ('hang' in pull) return;
    const act = () => ('item' in pull ? resolve({ done: false, value: pull.item }) : reject(pull.error));
    if (pull.afterMs === undefined) act();
    else clock.setTimer(act, pull.afterMs);
  });

/** Items as pulls. */
export const items = <T>(...all: readonly T[]): Pull<T>[] => all.map((item) => ({ item }));

/** Reads a stream to its end. */
export async function collect<T>(stream: AsyncIterable<T>): Promise<T[]> {
  const all: T[] = [];
  for await (const item of stream) all.push(item);
  return all;
}
