/** Formats a duration with the unit that suits it: `850 ms`, `1.2 s`. */
export function duration(ms: number | null): string {
  if (ms === null) return '-';
  return ms < 999.5 ? `${Math.round(ms)} ms` : `${(ms / 1_000).toFixed(ms < 9_950 ? 1 : 0)} s`;
}

/** Formats the time since the start: `1:05`. */
export function elapsed(ms: number): string {
  const seconds = Math.floor(ms / 1_000);
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, '0')}`;
}

/** Formats a rate: `18.2/s`. */
export function perSecond(rate: number): string {
  return `${rate.toFixed(1)}/s`;
}

/** Formats how often something happened: `once`, `3 times`. */
export function times(count: number): string {
  return count === 1 ? 'once' : `${count} times`;
}
