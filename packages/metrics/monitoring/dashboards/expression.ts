/** Only the services that are chosen at the top of the dashboard. */
const CHOSEN = 'job=~"$job"';

/** The series of a metric; `where` narrows them down, such as `outcome="failure"`. */
export function select(metric: string, where?: string): string {
  return `${metric}{${where === undefined ? CHOSEN : `${CHOSEN}, ${where}`}}`;
}

/** A level summed up by labels. */
export function level(metric: string, by: string, where?: string): string {
  return `sum by (${by}) (${select(metric, where)})`;
}

/** How fast a counter grows each second, by labels. */
export function perSecond(metric: string, by: string, where?: string): string {
  return `sum by (${by}) (rate(${select(metric, where)}[$__rate_interval]))`;
}

/** What share of one rate another is, 0 to 1; 0 where the part has never been counted. */
export function share(part: string, whole: string): string {
  return `(${part} or ${whole} * 0) / ${whole}`;
}

/** What a share of the values of a histogram stays below, by labels. */
export function quantile(ratio: number, histogram: string, by: string): string {
  return `histogram_quantile(${ratio}, ${perSecond(`${histogram}_bucket`, `le, ${by}`)})`;
}
