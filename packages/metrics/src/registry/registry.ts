/**
 * What a registry has to offer; those of prom-client and `@prometheus-io/client` do. Both declare the metrics that they
 * take as classes of their own, yet only ever use `name`, `help`, `type`, `aggregator`, `get()` and `reset()`.
 */
export interface MetricRegistry {
  /** The one content type that the registry itself writes. */
  readonly contentType?: string;
  /** Adds a metric. */
  registerMetric(metric: never): void;
  /** The metric of a name, if there is one. */
  getSingleMetric(name: string): unknown;
  /** All metrics, in the order in which they were added. */
  getMetricsAsArray(): readonly unknown[];
  /** Takes a metric out. */
  removeSingleMetric(name: string): void;
}

class OwnRegistry implements MetricRegistry {
  private readonly metrics = new Map<string, unknown>();

  registerMetric(metric: { readonly name: string }): void {
    this.metrics.set(metric.name, metric);
  }

  getSingleMetric(name: string): unknown {
    return this.metrics.get(name);
  }

  getMetricsAsArray(): readonly unknown[] {
    return [...this.metrics.values()];
  }

  removeSingleMetric(name: string): void {
    this.metrics.delete(name);
  }
}

/** Makes the registry that is used where none is given. */
export function ownRegistry(): MetricRegistry {
  return new OwnRegistry();
}
