/**
 * Reads numbered things in their order, some of them ahead of time.
 *
 * @param count - how many there are
 * @param depth - how many may be under way
 */
export async function* readAhead<T>(
  count: number,
  depth: number,
  read: (index: number) => Promise<T>,
): AsyncGenerator<T> {
  const underWay: Promise<T>[] = [];
  for (let next = 0; next < count || underWay.length > 0;) {
    while (next < count && underWay.length < depth) {
      const reading = read(next++);
      // Who stops listening leaves some unread; their failures are nobody's then.
      reading.catch(() => undefined);
      underWay.push(reading);
    }
    const first = underWay.shift();
    if (first !== undefined) yield await first;
  }
}
