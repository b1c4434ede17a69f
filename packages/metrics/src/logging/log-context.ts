import { AsyncLocalStorage } from 'node:async_hooks';
import type { TraceApi } from '../instruments/exemplars.ts';

/** What is known of the request that lines are written for. */
export interface LogContext {
  /** The id of the request, as `request_id`. */
  readonly requestId?: string | undefined;
  /** How the request came: `http`, `mcp`, `a2a`; as `protocol`. */
  readonly protocol?: string | undefined;
  /** Whose request it is, as `tenant`. */
  readonly tenant?: string | undefined;
}

interface Scope {
  readonly context: LogContext;
  /** The fields as they stand in every line, written once. */
  readonly text: string;
}

/** Knows, wherever a line is written, which request it is for. */
export class LogScopes {
  private readonly storage = new AsyncLocalStorage<Scope>();
  private readonly trace: TraceApi | undefined;

  constructor(trace: TraceApi | undefined) {
    this.trace = trace;
  }

  run<T>(context: LogContext, body: () => T): T {
    const known = { ...this.storage.getStore()?.context, ...given(context) };
    return this.storage.run({ context: known, text: fieldsText(known) }, body);
  }

  /** The fields of this moment, as they stand in a line. */
  text(): string {
    const scope = this.storage.getStore();
    const text = scope === undefined ? '' : scope.text;
    return this.trace === undefined ? text : text + spanText(this.trace);
  }
}

function spanText(trace: TraceApi): string {
  const span = trace.getActiveSpan()?.spanContext();
  return span === undefined ? '' : `,"trace_id":"${span.traceId}","span_id":"${span.spanId}"`;
}

function given({ requestId, protocol, tenant }: LogContext): LogContext {
  return {
    ...(requestId !== undefined && { requestId }),
    ...(protocol !== undefined && { protocol }),
    ...(tenant !== undefined && { tenant }),
  };
}

function fieldsText({ requestId, protocol, tenant }: LogContext): string {
  return JSON.stringify({ request_id: requestId, protocol, tenant })
    .slice(1, -1)
    .replace(/^(?=.)/, ',');
}
