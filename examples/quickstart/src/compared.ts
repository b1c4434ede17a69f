import type { Fared, Status } from './status.ts';
import type { Percentiles } from './traffic/latency-histogram.ts';
import { OUTCOMES, unserved } from './traffic/outcome.ts';
import { duration } from './view/format.ts';

/** Sums up a run with and without a strategy, side by side. */
export function compared(status: Status, latency: Percentiles, latencyWithout: Percentiles): string {
  const { scenario, elapsedMs, without } = status;
  const row = (label: string, of: (fared: Fared) => number | string | undefined) =>
    `  ${label.padEnd(36)}${[without, status].map((each) => String((each && of(each)) ?? '-').padStart(10)).join('')}`;
  const share = (fared: Fared, count: number) =>
    `${((100 * count) / Math.max(1, requests(fared))).toFixed(1)} %`;
  return [
    `${scenario.name}: ${scenario.title}`,
    '',
    `  ${`in ${duration(elapsedMs)}`.padEnd(36)}${'without'.padStart(10)}${'with'.padStart(10)}`,
    row('requests', requests),
    row('answered by the upstream', (fared) => share(fared, fared.totals.answered)),
    row('answered by what stood in for it', (fared) => share(fared, fared.totals.degraded)),
    row('rejected at once', (fared) => share(fared, fared.totals.rejected)),
    row('failed, or given up by its client', (fared) => share(fared, unserved(fared.totals))),
    row('p50', (fared) => duration((fared === status ? latency : latencyWithout).p50)),
    row('p99', (fared) => duration((fared === status ? latency : latencyWithout).p99)),
    row('requests at the upstream', ({ reached }) => reached?.requests),
    row('at most at a time', ({ reached }) => reached?.mostAtOnce),
  ].join('\n');
}

const requests = ({ totals }: Fared) => OUTCOMES.reduce((sum, outcome) => sum + totals[outcome], 0);
