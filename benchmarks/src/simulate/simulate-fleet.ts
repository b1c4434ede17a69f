import { seededRandom } from '@holdfast/pipeline/testing';
import { quantile, significant } from '../harness/statistics.ts';
import { Cluster, type Guard } from '../simulation/cluster.ts';
import { Timeline } from '../simulation/timeline.ts';
import { VirtualClock } from '../simulation/virtual-clock.ts';
import { inVirtualTime } from '../simulation/virtual-time.ts';
import { Fleet } from './fleet.ts';
import { callsPerSecond, capacityPerSecond, WORLD, type FleetSize, type Scenario } from './scenario.ts';
import type { Subject } from './subjects.ts';

/** What happened in each second, from the first one on. */
export interface Series {
  /** Calls that clients started. */
  readonly calls: readonly number[];
  /** Those of them that succeeded in the end. */
  readonly goodput: readonly number[];
  /** Requests that reached the dependency. */
  readonly load: readonly number[];
}

/** How one subject fared in one scenario. */
export interface Outcome {
  readonly figures: Readonly<Record<string, number | null>>;
  readonly series: Series;
  readonly callsStarted: number;
  readonly callsEnded: number;
}

/** Hears of each second that has been played. */
export type OnSecond = (second: number) => void;

/** Plays a scenario with the real code of a subject, in virtual time. Must run alone in its thread. */
export function simulateFleet(
  scenario: Scenario,
  subject: Subject,
  size: FleetSize,
  onSecond: OnSecond = () => {},
): Promise<Outcome> {
  const clock = new VirtualClock();
  // What a subject draws for its jitter must not change what happens to it.
  const [random, jitter] = [seededRandom(size.seed), seededRandom(size.seed + 1)];
  return inVirtualTime(clock, jitter, async () => {
    const cluster = startCluster(clock, random, subject, size);
    const timeline = new Timeline();
    const processes = Array.from({ length: size.processes }, () =>
      subject.protect({ clock, random: jitter }),
    );
    const fleet = new Fleet({ clock, random, scenario, processes, request: cluster.request, timeline });
    const load = await play(clock, fleet, cluster, scenario, size.clients, onSecond);
    const { all: calls, good: goodput } = timeline.counts(WORLD.endAtSecond);
    const series = { calls, goodput, load };
    return {
      figures: figuresOf(scenario, series, timeline, fleet, callsPerSecond(size)),
      series,
      callsStarted: fleet.started,
      callsEnded: fleet.ended,
    };
  });
}

function startCluster(
  clock: VirtualClock,
  random: () => number,
  { guard }: Subject,
  size: FleetSize,
): Cluster {
  const unguarded: Guard = (instance) => instance.request();
  const { instances, latencyMs, queueMs } = WORLD;
  return new Cluster({
    ...{ clock, random, instances, latencyMs, queueMs },
    capacityPerSecond: capacityPerSecond(size),
    guard: () => guard?.(clock) ?? unguarded,
  });
}

/** Answers with the load of each second. */
async function play(
  clock: VirtualClock,
  fleet: Fleet,
  cluster: Cluster,
  { fault, faultSeconds, instances }: Scenario,
  clients: number,
  onSecond: OnSecond,
): Promise<readonly number[]> {
  const load: number[] = [];
  fleet.start(clients);
  for (let second = 0; second < WORLD.endAtSecond; second++) {
    if (second === WORLD.faultAtSecond) cluster.suffer(fault, instances);
    if (second === WORLD.faultAtSecond + faultSeconds) cluster.suffer({}, instances);
    const before = cluster.requests;
    await clock.run((second + 1) * 1_000);
    load.push(cluster.requests - before);
    onSecond(second + 1);
  }
  // Long enough for the last retries.
  await clock.run((WORLD.endAtSecond + 60) * 1_000);
  return load;
}

function figuresOf(
  { faultSeconds }: Scenario,
  { calls, goodput, load }: Series,
  timeline: Timeline,
  { waitsMs }: Fleet,
  usualPerSecond: number,
): Outcome['figures'] {
  const { faultAtSecond: from, endAtSecond: end } = WORLD;
  const until = from + faultSeconds;
  const during = (counts: readonly number[]) => sum(counts.slice(from, until));
  return {
    'load in the fault': significant(during(load) / during(calls), 3),
    'peak load': significant(Math.max(...load.slice(from)) / usualPerSecond, 3),
    'succeed in it, %': significant((100 * during(goodput)) / during(calls), 3),
    'succeed after it, %': significant(100 * timeline.successRatio(until, end), 3),
    'back after, s': timeline.steadyFrom(until, end),
    'longest wait (p99), ms': Math.round(quantile(waitsMs, 0.99)),
  };
}

const sum = (counts: readonly number[]): number => counts.reduce((total, count) => total + count, 0);
