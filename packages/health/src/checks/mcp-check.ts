import { oneOf } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { httpTargetDefaults, httpTargetRules, type HttpTarget } from './http-target.ts';
import { timed, wrongAnswer } from './slow.ts';

/** What {@link mcpCheck} takes; its `url` is an endpoint that speaks Streamable HTTP. */
export interface McpCheckOptions extends CheckOverrides, HttpTarget {
  /**
   * How to find out whether it speaks MCP: `initialize`, which every server up to revision 2025-11-25 knows, or
   * `server/discover`, of the stateless revision 2026-07-28. Default `initialize`.
   */
  readonly method?: 'initialize' | 'server/discover' | undefined;
}

type Method = NonNullable<McpCheckOptions['method']>;

const defaults = { ...httpTargetDefaults, name: 'mcp', method: 'initialize' as Method };

const REVISIONS = { initialize: '2025-11-25', 'server/discover': '2026-07-28' } as const satisfies Record<
  Method,
  string
>;
const CLIENT = { name: 'holdfast-health', version: '1' };
/** An answer to a health check is small; whoever sends more is no MCP server. */
const MAX_ANSWER_CHARS = 1_000_000;

/**
 * Speaks to an MCP server: opens a session, reads the answer and ends the session. Its name is `mcp` unless told
 * otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { mcpCheck } from '@holdfast/health';
 *
 * const check = mcpCheck({ name: 'tools', url: 'http://127.0.0.1:8002/mcp' });
 * ```
 */
export function mcpCheck(options: McpCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'mcpCheck',
      options,
      rules: { ...httpTargetRules, method: oneOf('initialize', 'server/discover') },
      defaults,
      required: ['url'],
    },
    (settings, { signal }) =>
      timed(settings, async () => {
        const response = await open(settings, signal);
        await judge(response);
        await endSession(response.headers.get('mcp-session-id'), settings, signal);
      }),
  );
}

type Settings = HttpTarget & { readonly method: Method };

function open({ url, method, headers, fetch = globalThis.fetch }: Settings, signal: AbortSignal) {
  const stateless = { 'mcp-protocol-version': REVISIONS[method], 'mcp-method': method };
  return fetch(url, {
    method: 'POST',
    headers: {
      ...headers,
      'content-type': 'application/json',
      accept: 'application/json, text/event-stream',
      ...(method === 'initialize' ? {} : stateless),
    },
    body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: paramsOf(method) }),
    signal,
    redirect: 'manual',
  });
}

/** A server may refuse to end sessions on request (405); it has answered all the same. */
async function endSession(
  session: string | null,
  { url, headers, fetch = globalThis.fetch }: Settings,
  signal: AbortSignal,
): Promise<void> {
  if (session === null) return;
  const ended = await fetch(url, {
    method: 'DELETE',
    headers: { ...headers, 'mcp-session-id': session },
    signal,
  });
  await ended.body?.cancel();
}

function paramsOf(method: Method) {
  const protocolVersion = REVISIONS[method];
  if (method === 'initialize') return { protocolVersion, capabilities: {}, clientInfo: CLIENT };
  return {
    _meta: {
      'io.modelcontextprotocol/protocolVersion': protocolVersion,
      'io.modelcontextprotocol/clientInfo': CLIENT,
      'io.modelcontextprotocol/clientCapabilities': {},
    },
  };
}

async function judge(response: Response): Promise<void> {
  if (!response.ok) {
    await response.body?.cancel();
    throw wrongAnswer(`http-${response.status}`, `the server answered ${response.status}`);
  }
  const streamed = response.headers.get('content-type')?.startsWith('text/event-stream') === true;
  const answer = parse(await readAnswer(response, streamed));
  if (typeof answer?.['result'] === 'object' && answer['result'] !== null) return;
  throw wrongAnswer('wrong-answer', 'the server did not answer with a result of MCP');
}

/** Reads a body, or a stream of events up to the end of its first event with data: a server may leave it open. */
async function readAnswer(response: Response, streamed: boolean): Promise<string> {
  const decoder = new TextDecoder();
  let text = '';
  for await (const chunk of response.body ?? []) {
    text += decoder.decode(chunk, { stream: true });
    const event = streamed ? /^data: ?(\{.*\})\r?\n\r?\n/m.exec(text) : null;
    if (event?.[1] !== undefined) return event[1];
    if (text.length > MAX_ANSWER_CHARS) break;
  }
  return text;
}

function parse(text: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(text);
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}
