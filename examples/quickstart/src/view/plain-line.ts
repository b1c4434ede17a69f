import type { Status } from '../status.ts';
import { duration, elapsed, perSecond } from './format.ts';

/** Tells the status in one line. */
export function plainLine({ elapsedMs, circuit, schedule, perSecond: rates, latencyMs }: Status): string {
  const { answered, error, unreachable, broken, timeout, rejected, retries } = rates;
  return [
    elapsed(elapsedMs),
    circuit.state.padEnd(9),
    ...(schedule === null ? [] : [schedule.phase.padEnd(14)]),
    `answered ${perSecond(answered)}`,
    `failed ${perSecond(error + unreachable + broken)}`,
    `timed out ${perSecond(timeout)}`,
    `rejected ${perSecond(rejected)}`,
    `retries ${perSecond(retries)}`,
    `p50 ${duration(latencyMs.p50)}`,
    `p99 ${duration(latencyMs.p99)}`,
  ].join('  ');
}
