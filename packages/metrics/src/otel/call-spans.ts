import {
  check,
  defineStrategy,
  having,
  readOptions,
  type,
  type Call,
  type DriverHook,
  type Rules,
  type Strategy,
} from '@holdfast/pipeline';
import { context, SpanStatusCode, trace, type Attributes, type Span, type Tracer } from '@opentelemetry/api';

/** What {@link callSpans} takes. */
export interface CallSpansOptions {
  /** What the spans are called. */
  readonly name: string;
  /** What makes the spans. Default: the tracer `@holdfast/metrics` of the provider that is registered when a call comes. */
  readonly tracer?: Tracer | undefined;
}

const rules: Rules<CallSpansOptions> = { name: type('string'), tracer: having('startSpan') };

/**
 * Makes a strategy that traces the calls of a pipeline where it stands: first for whole calls, last for attempts, which
 * become spans within the span of their call. Spans of the operation come within the innermost.
 *
 * A span has `holdfast.attempt`, `error.type` when it failed, and the attributes of the call under `holdfast.call.`.
 * Where no SDK is registered nothing is recorded.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { pipeline } from '@holdfast/pipeline';
 * import { retry } from '@holdfast/retry';
 * import { callSpans } from '@holdfast/metrics/otel';
 *
 * const guarded = pipeline(
 *   callSpans({ name: 'charge' }),
 *   retry({ maxAttempts: 3 }),
 *   callSpans({ name: 'charge attempt' }),
 * );
 * ```
 */
export function callSpans(options: CallSpansOptions): Strategy {
  const { name, tracer } = readOptions('callSpans', options, rules, {
    tracer: trace.getTracer('@holdfast/metrics'),
  });
  check('callSpans: name', name, rules.name);
  const hook: DriverHook = {
    kind: 'driver',
    type: 'call-spans',
    name,
    run(call, start) {
      const span = tracer.startSpan(name, { attributes: attributesOf(call) });
      // The number of the attempt is that of a retry around this, not of the only start here.
      const attempt = context.with(trace.setSpan(context.active(), span), () => start(call.attempt));
      return attempt.result.then(
        (value) => {
          span.end();
          return value;
        },
        (error: unknown) => {
          fail(span, error);
          throw error;
        },
      );
    },
  };
  return defineStrategy('call-spans', hook);
}

function attributesOf(call: Call): Attributes {
  const attributes: Attributes = { 'holdfast.attempt': call.attempt };
  for (const [key, value] of Object.entries(call.attributes)) attributes[`holdfast.call.${key}`] = value;
  return attributes;
}

function fail(span: Span, error: unknown): void {
  const type = errorType(error);
  span.setAttribute('error.type', type);
  span.setStatus({ code: SpanStatusCode.ERROR, message: error instanceof Error ? error.message : type });
  span.end();
}

/** A code or the name of a class: from a closed set, as the conventions want it. */
function errorType(error: unknown): string {
  if (typeof error !== 'object' || error === null) return typeof error;
  if ('code' in error && typeof error.code === 'string') return error.code;
  return 'name' in error && typeof error.name === 'string' ? error.name : '_OTHER';
}
