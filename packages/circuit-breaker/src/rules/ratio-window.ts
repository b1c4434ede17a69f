import { check, integer, type } from '@holdfast/pipeline';
import type { CallWindow } from '../windows/call-window.ts';
import { timeWindow } from '../windows/time-window.ts';

/** The calls that a ratio is taken of. */
export interface RatioWindow {
  readonly window: CallWindow;
  readonly minCalls: number;
}

/** The rules of the two options that all ratios have. */
export const windowRules = { minCalls: integer(1), window: type('object') };

/**
 * Fills in the defaults.
 *
 * @throws {@link RangeError} when `minCalls` is more than the window can hold, so that the circuit would never open
 */
export function readWindow(owner: string, window: CallWindow = timeWindow(), minCalls?: number): RatioWindow {
  const { maxCalls = Infinity } = window;
  if (minCalls !== undefined) check(`${owner}: minCalls`, minCalls, integer(1, maxCalls));
  return { window, minCalls: minCalls ?? Math.min(20, maxCalls) };
}
