import type { CircuitState } from '@holdfast/circuit-breaker';
import type { Health, HealthState } from '@holdfast/health';
import type { PhaseReading } from './demo/schedule.ts';
import { countsBy, type OutcomeCounts } from './traffic/outcome.ts';
import { LatencyHistogram, type Percentiles } from './traffic/latency-histogram.ts';
import type { Traffic } from './traffic/traffic.ts';

/** What the live view shows, and `/status` along with the health checks. */
export interface Status {
  readonly proxy: string;
  readonly upstream: string;
  readonly elapsedMs: number;
  /** All checks together; unknown until each has been run. */
  readonly health: HealthState | 'draining';
  /** Whether `/readyz` says yes: until the drain begins. */
  readonly ready: boolean;
  readonly circuit: {
    readonly state: CircuitState;
    /** In how many milliseconds an open circuit admits calls again; 0 otherwise. */
    readonly retryAfterMs: number;
    readonly openings: number;
    readonly closings: number;
  };
  /** Where the schedule of the demonstration stands; null with an upstream of yours. */
  readonly schedule: {
    readonly phase: string;
    readonly endsInMs: number;
    readonly next: string;
  } | null;
  readonly inFlight: number;
  /** Since the start. */
  readonly totals: OutcomeCounts & { readonly retries: number };
  /** Over the last ten seconds, or as long as the proxy runs. */
  readonly perSecond: OutcomeCounts & { readonly retries: number };
  /** Over the same time. */
  readonly latencyMs: Percentiles;
}

/** What {@link readStatus} looks at. */
export interface StatusSource {
  readonly proxy: URL;
  readonly upstream: URL;
  readonly health: Pick<Health, 'state' | 'draining'>;
  readonly circuit: Status['circuit'];
  readonly schedule: PhaseReading | undefined;
  readonly traffic: Traffic;
  readonly slotMs: number;
}

const WINDOW_SLOTS = 10;

/** Reads everything there is to show, at this moment. */
export function readStatus(source: StatusSource): Status {
  const { proxy, upstream, health, circuit, schedule, traffic, slotMs } = source;
  const recent = traffic.history().slice(-WINDOW_SLOTS - 1);
  const elapsedMs = traffic.elapsedMs();
  // The slot under way counts as far as it has come.
  const seconds = Math.max(slotMs, (recent.length - 1) * slotMs + (elapsedMs % slotMs)) / 1_000;
  const latency = new LatencyHistogram();
  for (const slot of recent) latency.add(slot.latency);
  const perSecond = (count: number) => round(count / seconds, 10);
  const sum = (counts: readonly number[]) => counts.reduce((total, count) => total + count, 0);
  return {
    proxy: proxy.href,
    upstream: upstream.href,
    elapsedMs: round(elapsedMs),
    health: health.draining ? 'draining' : health.state(),
    ready: ['up', 'degraded'].includes(health.state('readiness')),
    circuit: { ...circuit, retryAfterMs: round(circuit.retryAfterMs) },
    schedule:
      schedule === undefined
        ? null
        : {
            phase: schedule.phase.name,
            endsInMs: round(schedule.endsInMs),
            next: schedule.next.name,
          },
    inFlight: traffic.inFlight,
    totals: { ...traffic.totals, retries: traffic.retries },
    perSecond: {
      ...countsBy((outcome) => perSecond(sum(recent.map(({ counts }) => counts[outcome])))),
      retries: perSecond(sum(recent.map(({ retries }) => retries))),
    },
    latencyMs: latency.percentiles(),
  };
}

const round = (value: number, parts = 1) => Math.round(value * parts) / parts;
