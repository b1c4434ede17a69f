import type { Fared, Status } from '../status.ts';
import { unserved } from '../traffic/outcome.ts';
import { duration, elapsed, perSecond } from './format.ts';

/** Tells the status in one line. */
export function plainLine(status: Status): string {
  const { elapsedMs, circuit, schedule, without } = status;
  return [
    elapsed(elapsedMs),
    ...(circuit === null ? [] : [circuit.state.padEnd(9)]),
    ...(schedule === null ? [] : [schedule.phase.padEnd(14)]),
    ...(without === null ? rates(status) : [...shortly(status), ' without:', ...shortly(without)]),
  ].join('  ');
}

function rates({ perSecond: rates, latencyMs }: Fared): readonly string[] {
  const { answered, error, unreachable, broken, timeout, rejected, retries } = rates;
  return [
    `answered ${perSecond(answered)}`,
    `failed ${perSecond(error + unreachable + broken)}`,
    `timed out ${perSecond(timeout)}`,
    `rejected ${perSecond(rejected)}`,
    `retries ${perSecond(retries)}`,
    `p50 ${duration(latencyMs.p50)}`,
    `p99 ${duration(latencyMs.p99)}`,
  ];
}

/** Short enough for two on a line. */
function shortly({ perSecond: rates, latencyMs }: Fared): readonly string[] {
  const { answered, degraded, rejected } = rates;
  return [
    `answered ${perSecond(answered)}`,
    ...(degraded > 0 ? [`degraded ${perSecond(degraded)}`] : []),
    ...(rejected > 0 ? [`rejected ${perSecond(rejected)}`] : []),
    `failed ${perSecond(unserved(rates))}`,
    `p99 ${duration(latencyMs.p99)}`,
  ];
}
