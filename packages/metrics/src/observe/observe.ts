import { check, type } from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';
import { kindOf, type StrategyStats } from './strategy-kind.ts';
import { StrategySeries } from './strategy-series.ts';

/** A strategy that counts what it does: a circuit breaker, retry, hedge or timeout. */
export interface ObservedStrategy {
  /** What its metrics are labelled with. */
  readonly name: string;
  /** Its counts, read at each scrape. */
  stats(): object;
  /** Tells of changes; only those of circuits are listened to. */
  subscribe?(listener: (event: ObservedEvent) => void): () => void;
}

/** Several of them, such as a registry of breakers. */
export interface ObservedRegistry extends Iterable<ObservedStrategy> {
  /** Tells of changes of all of them. */
  subscribe?(listener: (event: ObservedEvent) => void): () => void;
}

/** Something that happened to a strategy. */
export interface ObservedEvent {
  readonly type: string;
  readonly strategy?: string;
}

/** What {@link observe} takes. */
export interface ObserveOptions {
  /** What the metrics of a single strategy are labelled with. Default: its own name. */
  readonly name?: string | undefined;
}

/**
 * Shows what a strategy, or every one of a registry, has counted. Its counts are read at each scrape, so that its calls
 * pay nothing; only the transitions of circuits are listened to.
 *
 * @returns a function that ends it, and takes out what says how things are now
 * @throws {@link TypeError} when the source is none that is known
 *
 * @example
 * ```ts
 * import { circuitBreaker } from '@holdfast/circuit-breaker';
 * import { createMetrics, observe } from '@holdfast/metrics';
 *
 * const breaker = circuitBreaker({ name: 'stripe' });
 * observe(createMetrics(), breaker);
 * ```
 */
export function observe(
  metrics: Metrics,
  source: ObservedStrategy | ObservedRegistry,
  options: ObserveOptions = {},
): () => void {
  check('observe: source', source, type('object'));
  const list = Symbol.iterator in source ? source : [source];
  const nameOf = (strategy: ObservedStrategy) =>
    ('stats' in source ? options.name : undefined) ?? strategy.name;
  let known = new Map<ObservedStrategy, StrategySeries>();

  const update = (): void => {
    const present = new Map<ObservedStrategy, StrategySeries>();
    for (const strategy of list) {
      const stats = strategy.stats() as StrategyStats;
      const series = known.get(strategy) ?? seriesOf(metrics, nameOf(strategy), stats);
      series.update(stats);
      present.set(strategy, series);
      known.delete(strategy);
    }
    // What is left has gone, such as the breaker of a key that was idle for long.
    for (const series of known.values()) series.end();
    known = present;
  };
  update();

  const endings = [metrics.onCollect(update), countTransitions(metrics, source, options.name)];
  return () => {
    for (const end of endings) end();
    for (const series of known.values()) series.end();
    known.clear();
  };
}

function seriesOf(metrics: Metrics, name: string, stats: StrategyStats): StrategySeries {
  const kind = kindOf(stats);
  if (kind === undefined) {
    throw new TypeError(`observe: '${name}' is neither a circuit breaker nor a retry, hedge or timeout`);
  }
  return new StrategySeries(metrics, name, kind);
}

function countTransitions(
  metrics: Metrics,
  source: ObservedStrategy | ObservedRegistry,
  name: string | undefined,
): () => void {
  const isCircuit = !('stats' in source) || 'state' in source.stats();
  if (!isCircuit || source.subscribe === undefined) return () => undefined;
  const transitions = metrics.counter({
    name: 'resilience_circuit_transitions_total',
    help: 'Changes of the state of circuits',
    labels: ['name', 'to'],
  });
  return source.subscribe(({ type: event, strategy }) => {
    if (event.startsWith('circuit.')) {
      transitions.inc({ name: name ?? strategy ?? '', to: event.slice('circuit.'.length) });
    }
  });
}
