import { classifyModelError, type ClassifyOptions } from './classify-model-error.ts';
import { modelError, type ModelError, type ModelErrorKind } from './model-error.ts';

/** Codes of JSON-RPC 2.0, MCP (2025-11-25 and 2026-07-28) and A2A 1.0. */
const CODES: Readonly<Record<number, ModelErrorKind>> = {
  [-32700]: 'invalid-request',
  [-32600]: 'invalid-request',
  [-32601]: 'invalid-request',
  [-32602]: 'invalid-request',
  [-32603]: 'server',
  // MCP: the connection closed, a request timed out (SDKs), a resource or task is not there.
  [-32000]: 'server',
  [-32001]: 'invalid-request',
  [-32002]: 'invalid-request',
  // MCP 2026-07-28: headers, capabilities and versions that do not fit.
  [-32020]: 'invalid-request',
  [-32021]: 'invalid-request',
  [-32022]: 'invalid-request',
  // MCP: the user has to visit an address first; the user declined a sampling.
  [-32042]: 'authentication',
  [-1]: 'aborted',
};

/** A2A: what cannot be done with a task or by this agent; -32006 is an answer against the protocol. */
const A2A_CODES = { from: -32009, to: -32003, brokenAnswer: -32006 };

/** Terminal and waiting states of A2A tasks that are no success, in the spellings of 0.3 and 1.0. */
const TASK_STATES: Readonly<Record<string, ModelErrorKind>> = {
  failed: 'server',
  rejected: 'invalid-request',
  canceled: 'aborted',
  'auth-required': 'authentication',
};

/**
 * Says what an answer of an MCP server or an A2A agent means: an error of JSON-RPC, a tool result with `isError`, a
 * task that failed, or whatever {@link classifyModelError} knows. What `data` says (see {@link toJsonRpcError}) counts
 * more than the code.
 *
 * @returns `undefined` for a result or a task that is none of these
 * @see https://modelcontextprotocol.io/specification/2025-11-25/server/tools#error-handling
 * @see https://a2a-protocol.org/latest/specification/
 *
 * @example
 * ```ts
 * import { classifyAgentError } from '@holdfast/http/models';
 *
 * console.assert(classifyAgentError({ code: -32603, message: 'internal error' })?.retryable === true);
 * console.assert(classifyAgentError({ content: [], isError: true })?.kind === 'invalid-request');
 * console.assert(classifyAgentError({ content: [] }) === undefined);
 * ```
 */
export function classifyAgentError(answer: unknown, options: ClassifyOptions = {}): ModelError | undefined {
  try {
    return classify(answer, options);
  } catch {
    return modelError('unknown');
  }
}

function classify(answer: unknown, options: ClassifyOptions): ModelError | undefined {
  if (!isRecord(answer)) return classifyModelError(answer, options);
  const error = isRecord(answer['error']) ? answer['error'] : answer;
  if (typeof error['code'] === 'number' && error['code'] < 0) return ofJsonRpc(error, options);
  const isHttp = typeof answer['status'] === 'number';
  if (isHttp || answer instanceof Error || error !== answer) return classifyModelError(answer, options);
  const result = isRecord(answer['result']) ? answer['result'] : answer;
  // The model reads what a tool complains of, and mends its call.
  if (result['isError'] === true) return modelError('invalid-request');
  const task = isRecord(result['task']) ? result['task'] : result;
  const state = isRecord(task['status']) ? task['status']['state'] : undefined;
  const kind = typeof state === 'string' ? TASK_STATES[plain(state)] : undefined;
  return kind && modelError(kind);
}

function ofJsonRpc(error: Readonly<Record<string, unknown>>, options: ClassifyOptions): ModelError {
  const { code, data } = error;
  const said = classifyModelError(data, options);
  const asked = isRecord(data) ? data['retryAfterMs'] : undefined;
  const retryAfterMs = typeof asked === 'number' && asked >= 0 ? asked : said.retryAfterMs;
  const kind = said.kind === 'unknown' ? kindOfCode(Number(code), error['message']) : said.kind;
  const verdict = modelError(kind);
  return verdict.retryable ? modelError(kind, retryAfterMs) : verdict;
}

function kindOfCode(code: number, message: unknown): ModelErrorKind {
  // The SDKs of MCP give a request that timed out the code that A2A has for a task that is not there.
  if (code === -32001 && typeof message === 'string' && /timed out/i.test(message)) return 'timeout';
  const { from, to, brokenAnswer } = A2A_CODES;
  if (code >= from && code <= to) return code === brokenAnswer ? 'server' : 'invalid-request';
  return CODES[code] ?? 'unknown';
}

/** `TASK_STATE_AUTH_REQUIRED` is `auth-required`. */
const plain = (state: string) =>
  state
    .replace(/^TASK_STATE_/, '')
    .toLowerCase()
    .replaceAll('_', '-');

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null;
