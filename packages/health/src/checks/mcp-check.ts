import { oneOf, type, type Rule } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { slowDefaults, slowRules, timed, wrongAnswer, type SlowOptions } from './slow.ts';

/** What {@link mcpCheck} takes. */
export interface McpCheckOptions extends CheckOverrides, SlowOptions {
  /** The endpoint, which speaks Streamable HTTP. */
  readonly url: string | URL;
  /**
   * How to find out whether it speaks MCP: `initialize`, which every server up to revision 2025-11-25 knows, or
   * `server/discover`, of the stateless revision 2026-07-28. Default `initialize`.
   */
  readonly method?: 'initialize' | 'server/discover' | undefined;
  /** Sent with each request, e.g. `authorization`. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** How to ask. Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const REVISIONS = { initialize: '2025-11-25', 'server/discover': '2026-07-28' } as const;
const CLIENT = { name: 'holdfast-health', version: '1' };
/** An answer to a health check is small; whoever sends more is no MCP server. */
const MAX_ANSWER_CHARS = 1_000_000;

const url: Rule = (value) => (URL.canParse(String(value)) ? undefined : 'must be an absolute URL');

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
      rules: {
        ...slowRules,
        url,
        method: oneOf('initialize', 'server/discover'),
        headers: type('object'),
        fetch: type('function'),
      },
      defaults: { ...slowDefaults, name: 'mcp', method: 'initialize' as const, headers: {} },
      required: ['url'],
    },
    (settings, { signal }) =>
      timed(settings, async () => {
        const { fetch = globalThis.fetch, method = 'initialize' } = settings;
        const response = await fetch(settings.url, {
          method: 'POST',
          headers: {
            ...settings.headers,
            'content-type': 'application/json',
            accept: 'application/json, text/event-stream',
            ...(method === 'initialize'
              ? {}
              : { 'mcp-protocol-version': REVISIONS[method], 'mcp-method': method }),
          },
          body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params: paramsOf(method) }),
          signal,
          redirect: 'manual',
        });
        await judge(response);
        const session = response.headers.get('mcp-session-id');
        if (session === null) return;
        const headers = { ...settings.headers, 'mcp-session-id': session };
        // A server may refuse to end sessions on request (405); it has answered all the same.
        await fetch(settings.url, { method: 'DELETE', headers, signal }).then((ended) =>
          ended.body?.cancel(),
        );
      }),
  );
}

function paramsOf(method: keyof typeof REVISIONS) {
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
