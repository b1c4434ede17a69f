import type { Metrics } from '@holdfast/metrics';
import type { Dialect } from '../demo/dialect.ts';
import type { Phase } from '../demo/schedule.ts';
import type { Guard } from '../guard.ts';

/** What a scenario makes its guard of. */
export interface World {
  /** Where what happens is counted. */
  readonly metrics: Metrics;
  readonly upstream: URL;
  /** A duration at the pace of the schedule, in whole milliseconds. */
  readonly ms: (durationMs: number) => number;
  /** How many times faster than real time the schedule runs. */
  readonly speed: number;
  readonly random: () => number;
  /** What `--timeout` says, in milliseconds. */
  readonly timeoutMs: number;
  /** What `--open` says, in milliseconds. */
  readonly openMs: number;
}

/** One strategy at work. */
export interface Scenario {
  readonly name: string;
  /** What guards the upstream, in a few words. */
  readonly title: string;
  readonly lookFor: string;
  /** How the upstream behaves, over and over. */
  readonly schedule: readonly Phase[];
  readonly load: {
    /** Requests a second. */
    readonly rate: number;
    /** Of how many orders one is asked for each time; without it for the list of all. */
    readonly items?: number;
    /** How often something other than a GET is sent, 0 to 1. Default 0. */
    readonly postRatio?: number;
    /** After how many milliseconds clients give up. Default: never. */
    readonly patienceMs?: number;
  };
  /** What the answers of the upstream look like. Default: eight lines of text. */
  readonly dialect?: Dialect;
  /** Whether the same load is sent to an upstream of the same kind without the strategy. */
  readonly compared: boolean;
  guard(world: World): Guard | Promise<Guard>;
  /** What guards the requests of the comparison. Default: nothing. */
  unguarded?(world: World): Guard;
}
