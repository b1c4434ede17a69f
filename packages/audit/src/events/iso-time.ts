/** Writes instants as RFC 3339 with milliseconds, in UTC; the last one is remembered, since events come in bursts. */
export function isoTime(): (atMs: number) => string {
  let lastMs = NaN;
  let last = '';
  return (atMs) => {
    if (atMs !== lastMs) {
      last = new Date(atMs).toISOString();
      lastMs = atMs;
    }
    return last;
  };
}
