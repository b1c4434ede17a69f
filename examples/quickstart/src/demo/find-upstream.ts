import type { Settings } from '../command-line.ts';
import { readSchedule, type PhaseReading } from './schedule.ts';
import { openUpstream, type Reached } from './upstream.ts';

/** The upstream that is guarded. */
export interface Target {
  readonly url: URL;
  /** Where the schedule stands, if there is one. */
  readonly schedule: () => PhaseReading | undefined;
  /** What reached it; null where nobody counts. */
  readonly reached: () => Reached | null;
  close(): Promise<void>;
}

/** The upstream that is given, or one that misbehaves as the scenario says. */
export async function findUpstream(settings: Settings, random: () => number): Promise<Target> {
  const { upstream, speed, scenario } = settings;
  if (upstream !== undefined) {
    return { url: upstream, schedule: () => undefined, reached: () => null, close: () => Promise.resolve() };
  }
  const startedAtMs = performance.now();
  const schedule = () => readSchedule(performance.now() - startedAtMs, speed, scenario.schedule);
  const { dialect } = scenario;
  const demo = await openUpstream({ phase: schedule, speed, random, ...(dialect && { dialect }) });
  return { url: demo.url, schedule, reached: () => demo.reached(), close: () => demo.close() };
}
