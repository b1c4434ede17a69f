import type { AuditLog } from '@holdfast/audit';
import { createLifecycle, type Health, type Lifecycle } from '@holdfast/health';
import { createMetrics } from '@holdfast/metrics';
import type { Settings } from './command-line.ts';
import { openCircuitAudit } from './circuit-audit.ts';
import { openComparison, type Comparison } from './comparison.ts';
import { startLoad, type Load } from './demo/load.ts';
import { findUpstream, type Target } from './demo/find-upstream.ts';
import type { Guard } from './guard.ts';
import { createJournal, type Entry, type Journal } from './journal.ts';
import { observeCircuit } from './observe-circuit.ts';
import { createOperations, type Operations } from './operations.ts';
import { openProxy, type Proxy } from './proxy/proxy.ts';
import { readStatus, type Status } from './status.ts';
import type { World } from './scenarios/scenario.ts';
import { trafficOf } from './traffic/traffic-of.ts';
import type { Percentiles } from './traffic/latency-histogram.ts';
import type { Slot, Traffic } from './traffic/traffic.ts';

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
  /** How requests fare without the strategy, where that is shown. */
  readonly without: Traffic | undefined;
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
  const opened = new AsyncDisposableStack();
  try {
    return await openParts(settings, options, opened);
  } catch (error) {
    await opened.disposeAsync();
    throw error;
  }
}

async function openParts(
  settings: Settings,
  { onEntry, random }: QuickstartOptions,
  opened: AsyncDisposableStack,
): Promise<Quickstart> {
  const { scenario, host, port, speed, auditDir } = settings;
  const metrics = createMetrics();
  const upstream = await findUpstream(settings, random);
  opened.defer(() => upstream.close());
  const world = worldOf(settings, random);
  const guard = await scenario.guard({ ...world, metrics, upstream: upstream.url });
  opened.defer(async () => guard.close?.());
  const traffic = trafficOf(settings, guard, upstream);
  const journal = createJournal(() => traffic.elapsedMs(), onEntry);
  const audit = auditDir === undefined ? undefined : await openCircuitAudit(auditDir, guard, metrics);
  opened.defer(async () => audit?.close());
  const without = scenario.compared ? await openComparison(settings, world) : undefined;
  opened.defer(async () => without?.close());
  const circuit = guard.breaker && observeCircuit(guard.breaker, traffic, journal);
  const events = countEvents(guard.parts);
  const status = (): Status =>
    readStatus({
      scenario,
      proxy: proxy.url,
      upstream: upstream.url,
      health: operations.health,
      circuit: circuit?.() ?? null,
      schedule: upstream.schedule(),
      guarded: { traffic, reached: upstream.reached() },
      without: without && { traffic: without.traffic, reached: without.reached() },
      parts: guard.parts,
      events,
      slotMs: 1_000 / speed,
    });
  const checkMs = CHECK_MS / speed;
  const operations = createOperations({ metrics, guard, upstream: upstream.url, checkMs, figures: status });
  opened.defer(() => operations.close());
  const proxy = await openProxy({ host, port, upstream: upstream.url, guard, traffic, operations });
  observeHealth(operations.health, journal);
  void operations.health.start();
  return {
    url: proxy.url,
    lifecycle: lifecycleOf(settings, random, { proxy, operations, guard, upstream, audit, without }),
    status,
    history: () => traffic.history(),
    journal: () => journal.entries,
    latency: () => traffic.percentiles(),
    without: without?.traffic,
  };
}

interface Parts {
  readonly proxy: Proxy;
  readonly operations: Operations;
  readonly guard: Guard;
  readonly upstream: Target;
  readonly audit: AuditLog | undefined;
  readonly without: Comparison | undefined;
}

/** Starts the load, and says in which order everything ends. */
function lifecycleOf(settings: Settings, random: () => number, parts: Parts): Lifecycle {
  const { proxy, operations, guard, upstream, audit, without } = parts;
  const { drainMs } = settings;
  const loads = [proxy, ...(without ? [without] : [])].flatMap(({ url }) => loadOf(settings, url, random));
  return createLifecycle({
    health: operations.health,
    drainDelayMs: drainMs,
    budgetMs: drainMs + CLOSE_MS,
    phases: [
      { name: 'load', run: () => loads.forEach((load) => load.stop()) },
      ...(without ? [{ name: 'comparison', run: () => without.close() }] : []),
      proxy.closing,
      { name: 'guard', run: () => guard.close?.() },
      { name: 'upstream', run: () => upstream.close() },
      { name: 'audit', run: () => audit?.close() },
      { name: 'metrics', run: () => operations.close() },
    ],
  });
}

function loadOf({ rate, speed, scenario }: Settings, url: URL, random: () => number): readonly Load[] {
  const { items, postRatio = 0, patienceMs = Infinity } = scenario.load;
  if (rate === 0) return [];
  return [startLoad({ url, rate: rate * speed, items, postRatio, patienceMs: patienceMs / speed, random })];
}

function worldOf(
  { speed, timeoutMs, openMs }: Settings,
  random: () => number,
): Omit<World, 'metrics' | 'upstream'> {
  return { speed, random, timeoutMs, openMs, ms: (durationMs) => Math.ceil(durationMs / speed) };
}

/** Counts what strategies tell, by the type of the event. */
function countEvents(parts: Guard['parts']): Readonly<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const part of parts) part.subscribe?.(({ type }) => (counts[type] = (counts[type] ?? 0) + 1));
  return counts;
}

/** Writes down what an operator would be told of. */
function observeHealth(health: Health, journal: Journal): void {
  health.on('health.alert_raised', ({ alert }) => journal.write(`alert: ${alert.message}`));
  health.on('health.drain_started', () =>
    journal.write('draining: not ready any more; what is under way is finished'),
  );
}
