import { check, type } from '@holdfast/pipeline';
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
 * Shows what something has counted: a strategy or every one of a registry, a health, an audit log, a broker of
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
  check('observe: source', source, type('object'));
  const { name } = options;
  let known = new Map<unknown, KindSeries>();
  let over = false;

  const endAll = (): void => {
    for (const series of known.values()) series.end();
    known.clear();
  };
  const update = (): void => {
    const present = new Map<unknown, KindSeries>();
    over = 'closed' in source && source.closed === true;
    for (const { key, kind, labels, stats } of readingsOf(source, name)) {
      const series = known.get(key) ?? new KindSeries(metrics, kind, labels);
      series.update(stats);
      present.set(key, series);
      known.delete(key);
      over ||= isOver(kind, stats);
    }
    // What is left has gone, such as the breaker of a key that was idle for long.
    endAll();
    known = present;
    if (over) stop();
  };
  const endings: (() => void)[] = [];
  const stop = (): void => {
    for (const end of endings.splice(0)) end();
    endAll();
  };
  update();
  if (!over) endings.push(metrics.onCollect(update), countTransitions(metrics, source, name));
  return stop;
}

/** Whether nothing changes any more. */
function isOver({ over }: Reading['kind'], { state }: Reading['stats']): boolean {
  return over !== undefined && state === over;
}
