import type { AuditEvent } from '@holdfast/audit';
import type { Journal } from './journal.ts';

/** What callers got from a journal in one turn. */
export interface Driven {
  readonly events: number;
  /** Milliseconds until the last one was acknowledged. */
  readonly ackedMs: number;
  /** Milliseconds until all that follows was done too. */
  readonly settledMs: number;
  /** Microseconds of the process, all threads and the callers themselves included. */
  readonly cpuUs: number;
  readonly latenciesMs: readonly number[];
}

/** Lets a number of callers append for a while, each one event after the other. */
export async function drive(
  journal: Journal,
  callers: number,
  forMs: number,
  next: () => AuditEvent,
): Promise<Driven> {
  const latenciesMs: number[] = [];
  const cpu = process.cpuUsage();
  const startedAtMs = performance.now();
  const endsAtMs = startedAtMs + forMs;
  const caller = async () => {
    for (let now = performance.now(); now < endsAtMs;) {
      await journal.append(next());
      const then = performance.now();
      latenciesMs.push(then - now);
      now = then;
    }
  };
  await Promise.all(Array.from({ length: callers }, caller));
  const ackedMs = performance.now() - startedAtMs;
  await journal.settle();
  const settledMs = performance.now() - startedAtMs;
  const { user, system } = process.cpuUsage(cpu);
  return { events: latenciesMs.length, ackedMs, settledMs, cpuUs: user + system, latenciesMs };
}
