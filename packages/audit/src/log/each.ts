/** Does something with each item, at most `limit` at a time; rejects with the first failure, once all have ended. */
export async function each<T>(items: Iterable<T>, limit: number, work: (item: T) => Promise<void>) {
  const queue = items[Symbol.iterator]();
  const failures: unknown[] = [];
  const worker = async () => {
    for (let next = queue.next(); !next.done && failures.length === 0; next = queue.next()) {
      await work(next.value).catch((error: unknown) => failures.push(error));
    }
  };
  await Promise.all(Array.from({ length: limit }, worker));
  if (failures.length > 0) throw failures[0];
}
