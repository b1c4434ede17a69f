import type { Attributes, Span, SpanStatus, Tracer } from '@opentelemetry/api';

/** What a recording tracer knows of a span. */
export interface RecordedSpan {
  readonly name: string;
  readonly attributes: Attributes;
  status: SpanStatus | undefined;
  ends: number;
}

/** A tracer that keeps its spans, with what the strategy uses of them. */
export function recordingTracer() {
  const spans: RecordedSpan[] = [];
  const startSpan = (name: string, options?: { attributes?: Attributes }) => {
    const record: RecordedSpan = { name, attributes: { ...options?.attributes }, status: undefined, ends: 0 };
    spans.push(record);
    return {
      setAttribute: (key: string, value: string) => (record.attributes[key] = value),
      setStatus: (status: SpanStatus) => (record.status = status),
      end: () => void record.ends++,
    } as unknown as Span;
  };
  return { spans, tracer: { startSpan } as unknown as Tracer };
}
