/**
 * Writes instants as RFC 3339 with milliseconds, in UTC. The last second is remembered, since events come in bursts and
 * taking an instant apart is a seventh of encoding an event.
 */
export function isoTime(): (atMs: number) => string {
  let lastSecond = NaN;
  let untilSecond = '';
  return (atMs) => {
    const second = Math.floor(atMs / 1000);
    if (second !== lastSecond) {
      untilSecond = new Date(second * 1000).toISOString().slice(0, -'000Z'.length);
      lastSecond = second;
    }
    // A clock may tell parts of milliseconds.
    return `${untilSecond}${String(1000 + Math.floor(atMs) - second * 1000).slice(1)}Z`;
  };
}
