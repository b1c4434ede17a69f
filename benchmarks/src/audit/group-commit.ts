/** Writes items, and resolves once they are where they are to stay. */
export type WriteBatch<T> = (items: readonly T[]) => unknown;

/**
 * Gathers items while a batch is being written and writes them together as soon as that is done.
 *
 * @param pause - what a batch waits for before it leaves; by default the other callers of this turn
 */
export function groupCommit<T>(write: WriteBatch<T>, pause: () => Promise<unknown> = turn) {
  let waiting: { readonly item: T; readonly resolve: () => void; readonly reject: (e: unknown) => void }[] =
    [];
  let busy = false;
  const run = async () => {
    busy = true;
    while (waiting.length > 0) {
      await pause();
      const batch = waiting;
      waiting = [];
      try {
        await write(batch.map(({ item }) => item));
        for (const { resolve } of batch) resolve();
      } catch (error) {
        for (const { reject } of batch) reject(error);
      }
      // Behind those who ask again as soon as they are answered.
      await turn();
    }
    busy = false;
  };
  return (item: T): Promise<void> =>
    new Promise((resolve, reject) => {
      waiting.push({ item, resolve, reject });
      if (!busy) void run();
    });
}

const turn = () => new Promise<void>((resolve) => process.nextTick(resolve));
