import { ModelStreamError } from './errors.ts';

/** An event of a stream (server-sent events). */
export interface ModelEvent {
  /** Its type; `message` where the provider gives none. */
  readonly event: string;
  /** Its data, parsed where it is JSON. */
  readonly data: unknown;
}

/** The longest line that is waited for, in characters; a provider that sends more is broken. */
const MAX_LINE = 4_194_304;

/**
 * Reads the events of a stream. An error in its midst, by the type of the event or in its data, ends it as an error,
 * and so does everything that ends the body; `[DONE]` ends it well.
 *
 * @param body - the body of a response, e.g. one of a guarded fetch
 * @throws {@link ModelStreamError} when the provider sends an error, or a line beyond all measure
 * @see https://html.spec.whatwg.org/multipage/server-sent-events.html
 * @see https://docs.claude.com/en/docs/build-with-claude/streaming
 *
 * @example
 * ```ts
 * import { modelEvents } from '@holdfast/http/models';
 *
 * const body = new Response('event: delta\ndata: {"text":"hi"}\n\n').body;
 * if (body !== null) for await (const { event, data } of modelEvents(body)) console.log(event, data);
 * ```
 */
export async function* modelEvents(body: ReadableStream<Uint8Array>): AsyncGenerator<ModelEvent, void> {
  let event = 'message';
  let data: string[] = [];
  for await (const line of linesOf(body)) {
    if (line === '') {
      const text = data.join('\n');
      const read = { event, data: parsed(text) };
      const isEmpty = data.length === 0;
      [event, data] = ['message', []];
      if (isEmpty) continue;
      if (text === '[DONE]') return;
      if (isError(read)) throw new ModelStreamError(read.data);
      yield read;
    } else if (line.startsWith('event:')) event = valueOf(line);
    else if (line.startsWith('data:')) data.push(valueOf(line));
  }
}

const valueOf = (line: string) => line.slice(line.indexOf(':') + 1).replace(/^ /, '');

function parsed(text: string): unknown {
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
}

/** Anthropic and the Responses API name the event, in the stream or in the data; OpenAI and Google have `error` in it. */
function isError({ event, data }: ModelEvent): boolean {
  if (ERRORS.has(event)) return true;
  if (typeof data !== 'object' || data === null) return false;
  const { type, error } = data as Readonly<Record<string, unknown>>;
  return ERRORS.has(type) || (error !== undefined && error !== null);
}

const ERRORS: ReadonlySet<unknown> = new Set(['error', 'response.failed']);

async function* linesOf(body: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const decoder = new TextDecoder();
  const reader = body.getReader();
  let rest = '';
  try {
    for (let part = await reader.read(); !part.done; part = await reader.read()) {
      const text = rest + decoder.decode(part.value, { stream: true });
      // A carriage return at the end may be the first half of a line break.
      const lines = text.split(/\r\n|\n|\r(?!$)/);
      rest = lines.pop() ?? '';
      if (rest.length > MAX_LINE)
        throw new ModelStreamError({ type: 'error', message: 'a line without end' });
      yield* lines;
    }
    // What was not ended by an empty line is incomplete, and no event.
    if (rest.endsWith('\r')) yield rest.slice(0, -1);
  } finally {
    reader.cancel().catch(() => {});
  }
}
