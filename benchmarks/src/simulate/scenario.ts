import type { Target } from '../harness/suite.ts';
import type { Fault } from '../simulation/dependency.ts';

/** The world of all scenarios; they differ in what goes wrong in it. */
export const WORLD = {
  /** How long a client thinks before its next call, on average (exponential). */
  thinkSeconds: 20,
  /** How much of its capacity the dependency needs when nothing is wrong. */
  utilisation: 2 / 3,
  instances: 10,
  latencyMs: 20,
  queueMs: 5_000,
  faultAtSecond: 10,
  endAtSecond: 70,
} as const;

/** What goes wrong. */
export interface Scenario {
  readonly name: string;
  readonly title: string;
  /** What happens, in a sentence or two. */
  readonly about: string;
  readonly fault: Fault;
  readonly faultSeconds: number;
  /** How many instances have the fault. */
  readonly instances: number;
  /** After how many seconds on average a client comes back whose call has failed. */
  readonly returnSeconds: number;
  /** What subjects have to keep that promise something. */
  readonly target?: Target;
}

/** How large the simulated world is. */
export interface FleetSize {
  readonly clients: number;
  readonly processes: number;
  readonly seed: number;
}

/** How many calls a second all clients make when nothing is wrong. */
export const callsPerSecond = ({ clients }: FleetSize): number => clients / WORLD.thinkSeconds;

/** How many requests a second the dependency can serve. */
export const capacityPerSecond = (size: FleetSize): number => callsPerSecond(size) / WORLD.utilisation;
