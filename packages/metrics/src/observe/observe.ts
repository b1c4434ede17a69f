import { check, either, type } from '@holdfast/pipeline';
import type { Metrics } from '../metrics.ts';
import { KindSeries } from './kind-series.ts';
import { readingsOf, type Reading } from './readings.ts';
import type { Observed } from './sources.ts';
import { countTransitions } from './transitions.ts';

/** What {@link observe} takes. */
export interface ObserveOptions {
  /** What the metrics of a single strategy or audit log are labelled with. Default: its own name. */
  readonly name?: string | undefined;
}

/**
 * Shows what something has counted: a strategy or every one of a registry, a guarded fetch, a health, an audit log, a broker of
 * credentials. Its counts are read at each scrape, so that its work pays nothing; only the transitions of circuits and
 * checks are listened to. It ends by itself when the source says that it is closed.
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
export function observe(metrics: Metrics, source: Observed, options: ObserveOptions = {}): () => void {
  check('observe: source', source, either(type('object'), type('function')));
  const observation = new Observation(metrics, source, options.name);
  return () => observation.end();
}

/** One source that is observed, until it is let go of. */
class Observation {
  private readonly metrics: Metrics;
  private readonly name: string | undefined;
  /** Nothing once it has ended, so that whoever still could end it keeps nothing in memory. */
  private source: Observed | undefined;
  private known = new Map<unknown, KindSeries>();
  private readonly endings: (() => void)[] = [];

  constructor(metrics: Metrics, source: Observed, name: string | undefined) {
    this.metrics = metrics;
    this.name = name;
    this.source = source;
    this.update(source);
    if (this.source === undefined) return;
    const collect = (): void => {
      if (this.source !== undefined) this.update(this.source);
    };
    this.endings.push(metrics.onCollect(collect), countTransitions(metrics, source, name));
  }

  private update(source: Observed): void {
    const { known } = this;
    const present = new Map<unknown, KindSeries>();
    let over = 'closed' in source && source.closed === true;
    for (const { key, kind, labels, stats } of readingsOf(source, this.name)) {
      const series = known.get(key) ?? new KindSeries(this.metrics, kind, labels);
      series.update(stats);
      present.set(key, series);
      over ||= isOver(kind, stats);
    }
    // What is missing has gone, such as the breaker of a key that was idle for long.
    for (const [key, series] of known) if (!present.has(key)) series.end();
    this.known = present;
    if (over) this.end();
  }

  end(): void {
    for (const end of this.endings.splice(0)) end();
    for (const series of this.known.values()) series.end();
    this.known.clear();
    this.source = undefined;
  }
}

/** Whether nothing changes any more. */
function isOver({ over }: Reading['kind'], { state }: Reading['stats']): boolean {
  return over !== undefined && state === over;
}
