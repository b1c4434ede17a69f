import { createLifecycle, type Health, type Lifecycle } from '@holdfast/health';
import { createMetrics } from '@holdfast/metrics';
import type { Settings } from './command-line.ts';
import { openCircuitAudit } from './circuit-audit.ts';
import { startLoad } from './demo/load.ts';
import { readSchedule, type PhaseReading } from './demo/schedule.ts';
import { openUpstream } from './demo/upstream.ts';
import { createGuard, type GuardOptions } from './guard.ts';
import { createJournal, type Entry, type Journal } from './journal.ts';
import { observeCircuit } from './observe-circuit.ts';
import { createOperations } from './operations.ts';
import { openProxy, type Proxy } from './proxy/proxy.ts';
import { readStatus, type Status } from './status.ts';
import type { Percentiles } from './traffic/latency-histogram.ts';
import { Traffic, type Slot } from './traffic/traffic.ts';

/** A quickstart that runs. */
export interface Quickstart {
  readonly url: URL;
  /** Ends the load, then the proxy when the requests under way have ended, then the upstream. */
  readonly lifecycle: Lifecycle;
  status(): Status;
  /** The last slots of time, oldest first. */
  history(): readonly Slot[];
  /** What happened last, oldest first. */
  journal(): readonly Entry[];
  /** Percentiles since the start, in milliseconds. */
  latency(): Percentiles;
}

/** What else {@link openQuickstart} takes. */
export interface QuickstartOptions {
  /** Told of what happens. */
  readonly onEntry: (entry: Entry) => void;
  readonly random: () => number;
}

/** How often the upstream is asked how it is. */
const CHECK_MS = 2_000;

/** How long the requests under way, and what comes after them, may take to end. */
const CLOSE_MS = 20_000;

/** Starts everything: the upstream unless one is given, the guarded proxy, its health checks, the load. */
export async function openQuickstart(settings: Settings, options: QuickstartOptions): Promise<Quickstart> {
  const { host, port, rate, speed, drainMs, auditDir } = settings;
  const { onEntry, random } = options;
  const metrics = createMetrics();
  const guard = createGuard({ metrics, ...limitsOf(settings) });
  const audit = auditDir === undefined ? undefined : await openCircuitAudit(auditDir, guard, metrics);
  const { upstream, schedule, closeUpstream } = await findUpstream(settings, random);
  const slotMs = 1_000 / speed;
  const traffic = new Traffic({
    slotMs,
    now: () => performance.now(),
    surroundings: () => ({ circuit: guard.breaker.state, phase: schedule()?.phase.name }),
  });
  const journal = createJournal(() => traffic.elapsedMs(), onEntry);
  const circuit = observeCircuit(guard.breaker, traffic, journal);
  const status = (): Status =>
    readStatus({
      proxy: proxy.url,
      upstream,
      health,
      circuit: circuit(),
      schedule: schedule(),
      traffic,
      slotMs,
    });
  const checkMs = CHECK_MS / speed;
  const operations = createOperations({ metrics, guard, upstream, checkMs, figures: status });
  const { health } = operations;
  const proxy: Proxy = await openProxy({ host, port, upstream, guard, traffic, operations }).catch(
    async (error) => {
      operations.close();
      await audit?.close();
      await closeUpstream();
      throw error;
    },
  );
  const load = rate > 0 ? startLoad({ url: proxy.url, rate: rate * speed, random }) : undefined;
  const lifecycle = createLifecycle({
    health,
    drainDelayMs: drainMs,
    budgetMs: drainMs + CLOSE_MS,
    phases: [
      { name: 'load', run: () => load?.stop() },
      proxy.closing,
      { name: 'upstream', run: closeUpstream },
      { name: 'audit', run: () => audit?.close() },
      { name: 'metrics', run: () => operations.close() },
    ],
  });
  observeHealth(health, journal);
  void health.start();
  return {
    url: proxy.url,
    lifecycle,
    status,
    history: () => traffic.history(),
    journal: () => journal.entries,
    latency: () => traffic.percentiles(),
  };
}

interface Target {
  readonly upstream: URL;
  readonly schedule: () => PhaseReading | undefined;
  readonly closeUpstream: () => Promise<void>;
}

/** The upstream that is given, or one that misbehaves on a schedule. */
async function findUpstream({ upstream, speed }: Settings, random: () => number): Promise<Target> {
  if (upstream !== undefined) {
    return { upstream, schedule: () => undefined, closeUpstream: () => Promise.resolve() };
  }
  const startedAtMs = performance.now();
  const schedule = () => readSchedule(performance.now() - startedAtMs, speed);
  const demo = await openUpstream({ phase: schedule, speed, random });
  return { upstream: demo.url, schedule, closeUpstream: () => demo.close() };
}

/** Writes down what an operator would be told of. */
function observeHealth(health: Health, journal: Journal): void {
  health.on('health.alert_raised', ({ alert }) => journal.write(`alert: ${alert.message}`));
  health.on('health.drain_started', () =>
    journal.write('draining: not ready any more; what is under way is finished'),
  );
}

/** The guard keeps the pace of the schedule. */
function limitsOf({ timeoutMs, openMs, speed }: Settings): Omit<GuardOptions, 'metrics'> {
  return {
    totalMs: Math.max(10_000, 10 * timeoutMs) / speed,
    firstItemMs: timeoutMs / speed,
    idleMs: timeoutMs / speed,
    openMs: Math.ceil(openMs / speed),
    backoffMs: Math.ceil(50 / speed),
  };
}
