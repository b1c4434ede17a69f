import { isRejection, isTimeout } from '@holdfast/pipeline';
import type { CheckResult } from './check.ts';

/** What one run of a check came to. */
export interface Finding extends CheckResult {
  readonly error?: unknown;
}

const STATES: readonly unknown[] = ['up', 'degraded', 'down'];

/** Reads what a check returned. Whatever is no result is a fault of the check, which is then down. */
export function findingOf(returned: CheckResult | void): Finding {
  if (returned === undefined) return { state: 'up' };
  if (typeof returned === 'object' && returned !== null && STATES.includes(returned.state)) return returned;
  return { state: 'down', reason: 'invalid-result' };
}

/** What it means that a check threw. */
export function failureOf(error: unknown): Finding {
  return { state: 'down', reason: reasonOf(error), error };
}

/** An error in one word: never its message, which may hold what nobody wants in a label. */
function reasonOf(error: unknown): string {
  if (isTimeout(error)) return 'timeout';
  if (isRejection(error)) return error.code;
  const { code, name } = (typeof error === 'object' && error !== null ? error : {}) as Record<
    string,
    unknown
  >;
  const word = [code, name].find((each) => typeof each === 'string' && /^[\w.:-]{1,64}$/.test(each));
  return typeof word === 'string' && word !== 'Error' ? word : 'failed';
}
