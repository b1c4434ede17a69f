import { isRejection, isTimeout } from '@holdfast/pipeline';
import type { CheckResult } from './check.ts';

/** What one run of a check came to. */
export interface Finding extends CheckResult {
  readonly error?: unknown;
}

const STATES: readonly unknown[] = ['up', 'degraded', 'down'];

/**
 * Reads what a check returned. Whatever is no result is a fault of the check, which is then down. What else is on the
 * object stays there, and what the check does with it later changes nothing.
 */
export function findingOf(returned: CheckResult | void): Finding {
  if (returned === undefined) return { state: 'up' };
  if (typeof returned !== 'object' || returned === null || !STATES.includes(returned.state)) {
    return { state: 'down', reason: 'invalid-result' };
  }
  const { state, reason, observedValue, observedUnit, details } = returned;
  return {
    state,
    reason: reason === undefined || isWord(reason) ? reason : 'other',
    observedValue,
    observedUnit,
    details: details && { ...details },
  };
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
  const word = [code, name].find(isWord);
  return word === undefined || word === 'Error' ? 'failed' : word;
}

/** Whether it can be a label and a part of a line of text. */
function isWord(value: unknown): value is string {
  return typeof value === 'string' && /^[\w.:-]{1,64}$/.test(value);
}
