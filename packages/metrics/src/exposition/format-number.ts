/** Writes a number as all text formats spell it. */
export function formatNumber(value: number): string {
  if (value === Infinity) return '+Inf';
  if (value === -Infinity) return '-Inf';
  return String(value);
}

/** Writes a bound as OpenMetrics spells it, and Prometheus what it reads from protobuf: as a number with a point. */
export function formatBound(bound: number): string {
  const text = formatNumber(bound);
  return /^-?\d+$/.test(text) ? `${text}.0` : text;
}
