/** A stretch of time in which the demonstration's upstream behaves in one way. */
export interface Phase {
  readonly name: string;
  readonly seconds: number;
  /** How long an answer takes, in milliseconds: between the two. */
  readonly latencyMs: readonly [number, number];
  /** The share of the requests that meets the fault of the phase, 0 to 1. */
  readonly faultRatio: number;
  readonly fault: Fault;
  /** How many requests it works on at a time; others wait. Default: any number. */
  readonly capacity?: number;
}

/** What a request may meet: an error status, no answer at all, a body cut off midway, a closed door, a long wait. */
export type Fault = 'none' | 'status' | 'hang' | 'break' | 'refuse' | 'slow';

/** Where a schedule stands. */
export interface PhaseReading {
  readonly phase: Phase;
  readonly next: Phase;
  /** How many milliseconds of real time the phase still lasts. */
  readonly endsInMs: number;
}

const quick = [5, 25] as const;

/** A phase in which all is well, or nearly all. */
export function healthy(seconds: number, but: Partial<Phase> = {}): Phase {
  return { name: 'healthy', seconds, latencyMs: quick, faultRatio: 0, fault: 'none', ...but };
}

/** A phase in which every connection is reset. */
export function outage(seconds: number): Phase {
  return healthy(seconds, { name: 'outage', faultRatio: 1, fault: 'refuse' });
}

/** One minute of trouble, over and over: what retries hide, what only a circuit can stop, and a recovery after each. */
export const SCHEDULE: readonly Phase[] = [
  healthy(6),
  healthy(8, { name: 'errors', faultRatio: 0.15, fault: 'status' }),
  healthy(6, { name: 'slow', latencyMs: [100, 700] }),
  healthy(6, { name: 'hanging', faultRatio: 0.9, fault: 'hang' }),
  healthy(8),
  healthy(6, { name: 'broken streams', faultRatio: 0.9, fault: 'break' }),
  healthy(8),
  outage(6),
  healthy(6),
];

/**
 * Tells where the schedule stands.
 *
 * @param elapsedMs - milliseconds since it began, at least 0
 * @param speed - how many times faster than real time it runs
 */
export function readSchedule(elapsedMs: number, speed = 1, schedule = SCHEDULE): PhaseReading {
  const totalMs = schedule.reduce((sum, { seconds }) => sum + seconds * 1_000, 0);
  let leftMs = (elapsedMs * speed) % totalMs;
  for (const [index, phase] of schedule.entries()) {
    const phaseMs = phase.seconds * 1_000;
    if (leftMs < phaseMs) {
      const next = schedule[(index + 1) % schedule.length] ?? phase;
      return { phase, next, endsInMs: (phaseMs - leftMs) / speed };
    }
    leftMs -= phaseMs;
  }
  throw new RangeError('a schedule must have a phase, and elapsedMs must be at least 0');
}
