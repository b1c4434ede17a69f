import type { Clock } from '@holdfast/pipeline';

/** Says what led to a value, e.g. the ids of a trace; nothing where there is nothing to say. */
export type ExemplarSource = () => Readonly<Record<string, string>> | undefined;

/** What led to a value. */
export interface Exemplar {
  readonly labels: Readonly<Record<string, string | number>>;
  readonly value: number;
  /** When it was observed, in milliseconds since the epoch. */
  readonly atMs: number;
}

/** The longest exemplar that OpenMetrics allows: characters of names and values together. */
const MAX_LENGTH = 128;

/** One example for each bucket of a series: the first after each reading, kept until there is a new one. */
export class Exemplars {
  private readonly source: ExemplarSource;
  private readonly byBucket: (Exemplar | undefined)[] = [];
  /** The buckets whose example nobody has read yet. */
  private readonly unread = new Set<number>();

  constructor(source: ExemplarSource) {
    this.source = source;
  }

  /** Takes the value as the example of its bucket, unless there is a new one. Only then is the source asked. */
  offer(bucket: number, value: number, clock: Clock): void {
    if (this.unread.has(bucket)) return;
    const labels = this.source();
    if (labels === undefined) return;
    const length = Object.entries(labels).reduce(
      (sum, [name, text]) => sum + name.length + [...text].length,
      0,
    );
    if (length > MAX_LENGTH) return;
    this.byBucket[bucket] = { labels: { ...labels }, value, atMs: clock.wallNow() };
    this.unread.add(bucket);
  }

  /** The example of a bucket, for a format that shows it. */
  read(bucket: number): Exemplar | undefined {
    this.unread.delete(bucket);
    return this.byBucket[bucket];
  }
}

/** What is needed of the `trace` of `@opentelemetry/api`. */
export interface TraceApi {
  getActiveSpan():
    | { spanContext(): { readonly traceId: string; readonly spanId: string; readonly traceFlags: number } }
    | undefined;
}

/** The bit of the flags that says that a trace is kept (W3C Trace Context, section 3.2.2.5.1). */
const SAMPLED = 1;

/**
 * Takes the active span of OpenTelemetry for an exemplar, where it is sampled.
 *
 * @param trace - `trace` of `@opentelemetry/api`
 *
 * @example
 * ```ts
 * import { createMetrics, spanExemplar, type TraceApi } from '@holdfast/metrics';
 *
 * const observeWith = (trace: TraceApi) =>
 *   createMetrics().histogram({ name: 'render_seconds', help: 'Rendering', exemplar: spanExemplar(trace) });
 * ```
 */
export function spanExemplar(trace: TraceApi): ExemplarSource {
  return () => {
    const context = trace.getActiveSpan()?.spanContext();
    if (context === undefined || (context.traceFlags & SAMPLED) === 0) return undefined;
    return { trace_id: context.traceId, span_id: context.spanId };
  };
}
