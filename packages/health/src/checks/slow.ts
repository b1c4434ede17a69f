import { number, systemClock, type, type Clock, type Rules } from '@holdfast/pipeline';
import type { CheckResult } from '../check.ts';

/** What a check that measures how long an answer takes can be told. */
export interface SlowOptions {
  /** An answer that takes this long or longer is degraded; milliseconds. At least 0. Default 1,000. */
  readonly slowMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

export const slowRules: Rules<SlowOptions> = { slowMs: number(0), clock: type('object') };

export const slowDefaults = { slowMs: 1_000, clock: systemClock };

/** Does something and says how long it took. */
export async function timed(
  { slowMs, clock }: typeof slowDefaults,
  work: () => unknown,
): Promise<CheckResult> {
  const startedAt = clock.now();
  await work();
  const tookMs = clock.now() - startedAt;
  const observed = { observedValue: Math.round(tookMs * 100) / 100, observedUnit: 'ms' };
  return tookMs >= slowMs ? { state: 'degraded', reason: 'slow', ...observed } : { state: 'up', ...observed };
}

/** A dependency has answered, but not as it should. Its code is the reason that reports show. */
export function wrongAnswer(code: string, message: string): Error {
  return Object.assign(new Error(message), { code });
}
