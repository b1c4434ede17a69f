import type { CircuitState } from '@holdfast/circuit-breaker';
import type { Health, HealthState } from '@holdfast/health';
import type { PhaseReading } from './demo/schedule.ts';
import type { Reached } from './demo/upstream.ts';
import type { Counting } from './guard.ts';
import type { Scenario } from './scenarios/scenario.ts';
import { countsBy, type OutcomeCounts } from './traffic/outcome.ts';
import { LatencyHistogram, type Percentiles } from './traffic/latency-histogram.ts';
import type { Traffic } from './traffic/traffic.ts';

/** How requests fare on their way through one proxy. */
export interface Fared {
  readonly inFlight: number;
  /** Since the start. */
  readonly totals: OutcomeCounts & { readonly retries: number };
  /** Over the last ten seconds, or as long as the proxy runs. */
  readonly perSecond: OutcomeCounts & { readonly retries: number };
  /** Over the same time. */
  readonly latencyMs: Percentiles;
  /** What reached the upstream; null with an upstream of yours. */
  readonly reached: Reached | null;
}

/** What the live view shows, and `/status` along with the health checks. */
export interface Status extends Fared {
  readonly scenario: Pick<Scenario, 'name' | 'title' | 'lookFor'>;
  readonly proxy: string;
  readonly upstream: string;
  readonly elapsedMs: number;
  /** All checks together; unknown until each has been run. */
  readonly health: HealthState | 'draining';
  /** Whether `/readyz` says yes: until the drain begins. */
  readonly ready: boolean;
  /** Null where no circuit is shown. */
  readonly circuit: {
    readonly state: CircuitState;
    /** In how many milliseconds an open circuit admits calls again; 0 otherwise. */
    readonly retryAfterMs: number;
    readonly openings: number;
    readonly closings: number;
  } | null;
  /** Where the schedule of the demonstration stands; null with an upstream of yours. */
  readonly schedule: {
    readonly phase: string;
    readonly endsInMs: number;
    readonly next: string;
  } | null;
  /** How the same load fares without the strategy; null where that is not shown. */
  readonly without: Fared | null;
  /** What each strategy has counted. */
  readonly strategies: readonly { readonly name: string; readonly stats: object }[];
  /** How often each kind of event has happened. */
  readonly events: Readonly<Record<string, number>>;
}

/** Requests on their way through one proxy. */
export interface Passage {
  readonly traffic: Traffic;
  readonly reached: Reached | null;
}

/** What {@link readStatus} looks at. */
export interface StatusSource {
  readonly scenario: Status['scenario'];
  readonly proxy: URL;
  readonly upstream: URL;
  readonly health: Pick<Health, 'state' | 'draining'>;
  readonly circuit: Status['circuit'];
  readonly schedule: PhaseReading | undefined;
  readonly guarded: Passage;
  readonly without: Passage | undefined;
  readonly parts: readonly Counting[];
  readonly events: Status['events'];
  readonly slotMs: number;
}

const WINDOW_SLOTS = 10;

/** Reads everything there is to show, at this moment. */
export function readStatus(source: StatusSource): Status {
  const { scenario, proxy, upstream, health, circuit, schedule, guarded, without, slotMs } = source;
  const { name, title, lookFor } = scenario;
  return {
    scenario: { name, title, lookFor },
    proxy: proxy.href,
    upstream: upstream.href,
    elapsedMs: round(guarded.traffic.elapsedMs()),
    health: health.draining ? 'draining' : health.state(),
    ready: ['up', 'degraded'].includes(health.state('readiness')),
    circuit: circuit && { ...circuit, retryAfterMs: round(circuit.retryAfterMs) },
    schedule:
      schedule === undefined
        ? null
        : {
            phase: schedule.phase.name,
            endsInMs: round(schedule.endsInMs),
            next: schedule.next.name,
          },
    ...fared(guarded, slotMs),
    without: without === undefined ? null : fared(without, slotMs),
    strategies: source.parts.map((part) => ({ name: part.name ?? scenario.name, stats: part.stats() })),
    events: { ...source.events },
  };
}

function fared({ traffic, reached }: Passage, slotMs: number): Fared {
  const recent = traffic.history().slice(-WINDOW_SLOTS - 1);
  // The slot under way counts as far as it has come.
  const seconds = Math.max(slotMs, (recent.length - 1) * slotMs + (traffic.elapsedMs() % slotMs)) / 1_000;
  const latency = new LatencyHistogram();
  for (const slot of recent) latency.add(slot.latency);
  const perSecond = (count: number) => round(count / seconds, 10);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    inFlight: traffic.inFlight,
    totals: { ...traffic.totals, retries: traffic.retries },
    perSecond: {
      ...countsBy((outcome) => perSecond(sum(recent.map(({ counts }) => counts[outcome])))),
      retries: perSecond(sum(recent.map(({ retries }) => retries))),
    },
    latencyMs: latency.percentiles(),
    reached,
  };
}

const round = (value: number, parts = 1) => Math.round(value * parts) / parts;
