import { reportListenerError, type ListenerErrorHandler } from '@holdfast/pipeline';
import type { OpenCause } from '../events.ts';

/** What a function that decides how long a circuit stays open is told. */
export interface Opening {
  /** How many times the circuit has opened since it was last closed, this time included: 1, 2, 3… */
  readonly openings: number;
  readonly cause: OpenCause;
  /** The error that tipped the scales, if it was one. */
  readonly error: unknown;
}

/** How long a circuit stays open, in milliseconds: always the same, or as long as a function says. */
export type OpenMs = number | ((opening: Opening) => number);

/** How long a circuit stays open where nothing else is said, or what was said cannot be used. */
export const DEFAULT_OPEN_MS = 30_000;

/** Asks how long to stay open; an answer that is none is reported and replaced. */
export function openMsFor(
  openMs: OpenMs,
  opening: Opening,
  onListenerError: ListenerErrorHandler = console.error,
): number {
  if (typeof openMs === 'number') return openMs;
  try {
    const answer = openMs(opening);
    if (answer >= 0) return answer;
    throw new RangeError(`circuitBreaker: openMs must answer a number >= 0, got ${answer}`);
  } catch (error) {
    reportListenerError(onListenerError, error);
    return DEFAULT_OPEN_MS;
  }
}
