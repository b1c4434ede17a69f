import type { Quickstart } from './quickstart.ts';
import { compared } from './compared.ts';
import { OUTCOMES, type Outcome } from './traffic/outcome.ts';
import { duration, times } from './view/format.ts';

const LABELS: Readonly<Record<Outcome, string>> = {
  answered: 'answered by the upstream',
  degraded: 'answered by something that stood in for it',
  error: 'failed with an error of the upstream',
  unreachable: 'failed, the upstream was unreachable (502)',
  timeout: 'failed, the upstream was too slow (504)',
  broken: 'failed midway through the answer',
  rejected: 'rejected at once (503, 429)',
  abandoned: 'abandoned by the client',
  refused: 'refused, the request was at fault (4xx)',
};

/** Sums up a run, in a few lines. */
export function summary(quickstart: Pick<Quickstart, 'status' | 'latency' | 'without'>): string {
  const { status, latency, without } = quickstart;
  const now = status();
  const { elapsedMs, totals, circuit } = now;
  if (without !== undefined) return compared(now, latency(), without.percentiles());
  const requests = OUTCOMES.reduce((sum, outcome) => sum + totals[outcome], 0);
  const share = (count: number) => `${((100 * count) / Math.max(1, requests)).toFixed(1)} %`;
  const row = (count: number, label: string) =>
    `${String(count).padStart(8)}${share(count).padStart(9)}  ${label}`;
  const { p50, p99 } = latency();
  return [
    `${requests} ${requests === 1 ? 'request' : 'requests'} in ${duration(elapsedMs)}, of which`,
    ...OUTCOMES.filter((outcome) => totals[outcome] > 0).map((outcome) =>
      row(totals[outcome], LABELS[outcome]),
    ),
    `Retries: ${totals.retries}. Latency: p50 ${duration(p50)}, p99 ${duration(p99)}.`,
    ...(circuit === null
      ? []
      : [
          `The circuit opened ${times(circuit.openings)} and closed ${times(circuit.closings)}; it is ${circuit.state}.`,
        ]),
  ].join('\n');
}
