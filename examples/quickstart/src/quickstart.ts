import type { CircuitBreaker } from '@holdfast/circuit-breaker';
import type { Settings } from './command-line.ts';
import { startLoad } from './demo/load.ts';
import { readSchedule, type PhaseReading } from './demo/schedule.ts';
import { openUpstream } from './demo/upstream.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import { createJournal, describe, type Entry, type Journal } from './journal.ts';
import { openProxy, type Proxy } from './proxy/proxy.ts';
import { readStatus, type Status } from './status.ts';
import type { Percentiles } from './traffic/latency-histogram.ts';
import { Traffic, type Slot } from './traffic/traffic.ts';

/** A quickstart that runs. */
export interface Quickstart {
  readonly url: URL;
  status(): Status;
  /** The last slots of time, oldest first. */
  history(): readonly Slot[];
  /** What happened last, oldest first. */
  journal(): readonly Entry[];
  /** Percentiles since the start, in milliseconds. */
  latency(): Percentiles;
  /** Ends the load, then the proxy when the requests under way have ended, then the upstream. */
  close(): Promise<void>;
}

/** What else {@link openQuickstart} takes. */
export interface QuickstartOptions {
  /** Told of what happens. */
  readonly onEntry: (entry: Entry) => void;
  readonly random: () => number;
}

/** How long requests under way may take to end when the proxy closes. */
const DRAIN_MS = 5_000;

/** Starts everything: the upstream unless one is given, the guarded proxy, the load. */
export async function openQuickstart(settings: Settings, options: QuickstartOptions): Promise<Quickstart> {
  const { host, port, rate, speed } = settings;
  const { onEntry, random } = options;
  const guard = createGuard(guardOptions(settings));
  const slotMs = 1_000 / speed;
  const traffic: Traffic = new Traffic({
    slotMs,
    now: () => performance.now(),
    surroundings: () => ({ circuit: guard.breaker.state, phase: schedule()?.phase.name }),
  });
  const phase = () => readSchedule(traffic.elapsedMs(), speed);
  const schedule = (): PhaseReading | undefined => (settings.upstream === undefined ? phase() : undefined);

  const journal = createJournal(() => traffic.elapsedMs(), onEntry);
  const circuit = observeCircuit(guard.breaker, traffic, journal);
  const demo = settings.upstream === undefined ? await openUpstream({ phase, speed, random }) : undefined;
  const upstream = settings.upstream ?? (demo as { url: URL }).url;
  const status = (): Status =>
    readStatus({ proxy: proxy.url, upstream, circuit: circuit(), schedule: schedule(), traffic, slotMs });
  const proxy: Proxy = await openProxy({ host, port, upstream, guard, traffic, status }).catch(
    async (error) => {
      await demo?.close();
      throw error;
    },
  );
  const load = rate > 0 ? startLoad({ url: proxy.url, rate: rate * speed, random }) : undefined;
  return {
    url: proxy.url,
    status,
    history: () => traffic.history(),
    journal: () => journal.entries,
    latency: () => traffic.percentiles(),
    async close() {
      load?.stop();
      await proxy.close(DRAIN_MS);
      await demo?.close();
    },
  };
}

/** The guard keeps the pace of the schedule. */
function guardOptions({ timeoutMs, openMs, speed }: Settings): GuardOptions {
  return {
    totalMs: Math.max(10_000, 10 * timeoutMs) / speed,
    firstItemMs: timeoutMs / speed,
    idleMs: timeoutMs / speed,
    openMs: Math.ceil(openMs / speed),
    backoffMs: Math.ceil(50 / speed),
  };
}

/** Counts what the circuit does, and writes it down. */
function observeCircuit(
  breaker: CircuitBreaker,
  traffic: Traffic,
  journal: Journal,
): () => Status['circuit'] {
  let closings = 0;
  let admitsAtMs = 0;
  breaker.subscribe((event) => {
    if (event.type === 'circuit.opened') admitsAtMs = traffic.elapsedMs() + event.openMs;
    if (event.type === 'circuit.closed') closings++;
    traffic.circuitChanged(breaker.state);
    journal.write(describe(event));
  });
  return () => {
    const { state, openings } = breaker.stats();
    const retryAfterMs = state === 'open' ? Math.max(0, admitsAtMs - traffic.elapsedMs()) : 0;
    return { state, retryAfterMs, openings, closings };
  };
}
