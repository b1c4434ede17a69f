import type { CheckResult, HealthCheck } from '../../src/index.ts';

/** Runs a check once, as a health would. */
export async function runCheck(
  check: HealthCheck,
  signal = new AbortController().signal,
): Promise<CheckResult> {
  return (await check.run({ signal })) ?? { state: 'up' };
}
