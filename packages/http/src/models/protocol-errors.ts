import { classifyModelError } from './classify-model-error.ts';
import type { ModelErrorKind } from './model-error.ts';

/** An error as JSON-RPC 2.0 has it, and with it MCP and A2A. */
export interface JsonRpcError {
  /** From the range that JSON-RPC leaves to servers, or its own where one fits. */
  readonly code: number;
  /** What may be shown; never the text of the error. */
  readonly message: string;
  readonly data: {
    /** The kind of error, as `classifyAgentError` reads it on the other side. */
    readonly reason: string;
    /** In how many milliseconds another call may succeed. */
    readonly retryAfterMs?: number;
  };
}

/** What a server answers over HTTP for an error. */
export interface HttpError {
  readonly status: number;
  /** `Retry-After` in seconds, where the time is known. */
  readonly headers: Readonly<Record<string, string>>;
}

interface Words {
  readonly status: number;
  readonly code: number;
  readonly reason: string;
  readonly message: string;
}

/** JSON-RPC leaves -32000 to -32099 to servers; these are none that MCP or A2A use. */
const WORDS: Readonly<Record<ModelErrorKind, Words>> = {
  'rate-limited': { status: 429, code: -32029, reason: 'rate_limit_exceeded', message: 'Too many requests' },
  overloaded: { status: 503, code: -32053, reason: 'overloaded', message: 'Temporarily unavailable' },
  'quota-exhausted': {
    status: 429,
    code: -32029,
    reason: 'quota_exceeded',
    message: 'The budget is used up',
  },
  'content-filtered': {
    status: 422,
    code: -32602,
    reason: 'content_filter',
    message: 'The content is refused',
  },
  'invalid-request': {
    status: 400,
    code: -32602,
    reason: 'invalid_argument',
    message: 'The request is invalid',
  },
  authentication: {
    status: 502,
    code: -32603,
    reason: 'authentication_error',
    message: 'The upstream refused the credential',
  },
  timeout: { status: 504, code: -32054, reason: 'deadline_exceeded', message: 'The upstream took too long' },
  aborted: { status: 499, code: -32049, reason: 'cancelled', message: 'The request was cancelled' },
  server: { status: 502, code: -32603, reason: 'server_error', message: 'The upstream failed' },
  unknown: { status: 500, code: -32603, reason: 'unknown', message: 'Internal error' },
};

/**
 * Says an error the way JSON-RPC, and with it MCP and A2A, says errors. What the error itself says stays here: it may
 * hold what the other side must not see.
 *
 * @param error - a rejection of a strategy, an error of a model API, anything
 * @see https://www.jsonrpc.org/specification#error_object
 *
 * @example
 * ```ts
 * import { toJsonRpcError } from '@holdfast/http/models';
 * import { rejection } from '@holdfast/pipeline';
 *
 * const { code, data } = toJsonRpcError(rejection('ERR_CIRCUIT_OPEN', 'search', 5_000));
 * console.assert(code === -32053 && data.retryAfterMs === 5_000);
 * ```
 */
export function toJsonRpcError(error: unknown): JsonRpcError {
  const { kind, retryAfterMs } = classifyModelError(error);
  const { code, message, reason } = WORDS[kind];
  return { code, message, data: isKnown(retryAfterMs) ? { reason, retryAfterMs } : { reason } };
}

/**
 * Says an error the way HTTP does: 429 or 503 with Retry-After for what was refused, 504 for what took too long, 502
 * for what failed behind this server.
 *
 * @param error - a rejection of a strategy, an error of a model API, anything
 *
 * @example
 * ```ts
 * import { toHttpError } from '@holdfast/http/models';
 * import { rejection } from '@holdfast/pipeline';
 *
 * const { status, headers } = toHttpError(rejection('ERR_RATE_LIMITED', 'per-client', 1_500));
 * console.assert(status === 429 && headers['retry-after'] === '2');
 * ```
 */
export function toHttpError(error: unknown): HttpError {
  const { kind, retryAfterMs } = classifyModelError(error);
  const headers: Record<string, string> = {};
  if (isKnown(retryAfterMs)) headers['retry-after'] = String(Math.ceil(retryAfterMs / 1_000));
  return { status: WORDS[kind].status, headers };
}

/** A circuit that is isolated has no end in sight, and no header for it. */
function isKnown(ms: number | undefined): ms is number {
  return ms !== undefined && Number.isFinite(ms);
}
