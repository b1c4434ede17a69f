/** Fields in which the APIs and their SDKs say what kind of error it is. */
const NAMING = new Set([
  'type',
  'code',
  'Code',
  'status',
  'name',
  '__type',
  'reason',
  'error_code',
  'errorCode',
  'quotaId',
  'quota_limit',
  'finish_reason',
  'finishReason',
  'stop_reason',
  'stopReason',
  'blockReason',
]);

/** Fields in which they keep the number of the status. */
const STATUS = new Set(['status', 'statusCode', 'code', 'httpStatusCode', 'raw_status_code']);

/** Deeper and wider than any of them nests. */
const MAX_DEPTH = 6;
const MAX_FIELDS = 500;

/** What an error says of itself, gathered from all its levels, the outermost first. */
export interface Evidence {
  /** Names of the error, in lower case without punctuation: `ratelimiterror`. */
  readonly names: ReadonlySet<string>;
  /** The HTTP status, if one is told. */
  readonly status: number | undefined;
  readonly messages: readonly string[];
  /** Whatever has headers, for the times in them. */
  readonly headers: readonly unknown[];
  /** Durations of google.rpc.RetryInfo, e.g. `47.4s`. */
  readonly retryDelays: readonly string[];
}

/** Collects what an error says, whatever it is; anything may be asked for anything. */
export function gather(error: unknown): Evidence {
  const gatherer = new Gatherer();
  gatherer.visit(error, 0);
  return gatherer;
}

class Gatherer implements Evidence {
  readonly names = new Set<string>();
  status: number | undefined;
  readonly messages: string[] = [];
  readonly headers: unknown[] = [];
  readonly retryDelays: string[] = [];
  private fields = 0;
  private readonly seen = new Set<object>();

  visit(value: unknown, depth: number): void {
    if (typeof value === 'string') return this.visitText(value, depth);
    if (typeof value !== 'object' || value === null || depth > MAX_DEPTH || this.seen.has(value)) return;
    this.seen.add(value);
    for (const key of keysOf(value)) {
      if (this.fields++ > MAX_FIELDS) return;
      this.note(key, read(value, key), depth);
    }
  }

  private note(key: string, value: unknown, depth: number): void {
    if (key === 'headers' || key === 'responseHeaders' || key === '$response') this.noteHeaders(value);
    else if (typeof value === 'number') this.noteStatus(key, value);
    else if (typeof value === 'string') this.noteText(key, value, depth);
    else {
      // What Bedrock sends in the midst of a stream is named by its field: { throttlingException: {…} }.
      if (key.endsWith('Exception')) this.names.add(plain(key));
      this.visit(value, depth + 1);
    }
  }

  private noteHeaders(headers: unknown): void {
    this.headers.push(headers);
    const type = headerOf(headers, 'x-amzn-errortype');
    // AWS appends the address of the namespace: ThrottlingException:http://….
    if (type !== undefined) this.names.add(plain(type.split(':')[0] ?? ''));
  }

  private noteStatus(key: string, value: number): void {
    if (STATUS.has(key) && value >= 100 && value < 600) this.status ??= value;
  }

  private noteText(key: string, value: string, depth: number): void {
    // Azure has the status as text: { error: { code: '429' } }.
    if (/^\d{3}$/.test(value)) this.noteStatus(key, Number(value));
    if (NAMING.has(key)) this.names.add(plain(value.split('#').at(-1) ?? ''));
    else if (key === 'retryDelay') this.retryDelays.push(value);
    else if (key === 'message') this.messages.push(value);
    if (key === 'message' || key === 'body' || key === 'responseBody' || key === 'data') {
      this.visitText(value, depth);
    }
  }

  /** Some SDKs keep what the API said as text, Google's even as the message. */
  private visitText(text: string, depth: number): void {
    const start = text.search(/[[{]/);
    if (start < 0 || start > 200 || text.length > 65_536) return;
    try {
      this.visit(JSON.parse(text.slice(start)) as unknown, depth + 1);
    } catch {
      // Not JSON, then.
    }
  }
}

/** Fields of errors are often not enumerable, those of a `Response` are not even its own. */
function keysOf(value: object): readonly string[] {
  const hidden = ['name', 'message', 'cause', 'status', 'headers'].filter((key) => key in value);
  return [...new Set([...Object.keys(value), ...hidden])];
}

function read(value: object, key: string): unknown {
  try {
    return (value as Readonly<Record<string, unknown>>)[key];
  } catch {
    return undefined;
  }
}

const plain = (name: string) => name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');

/** Reads a header of `Headers` or a record in any spelling. */
export function headerOf(headers: unknown, name: string): string | undefined {
  if (typeof headers !== 'object' || headers === null) return undefined;
  if (headers instanceof Headers) return headers.get(name) ?? undefined;
  const key = Object.keys(headers).find((each) => each.toLowerCase() === name);
  const value = key === undefined ? undefined : read(headers, key);
  return typeof value === 'string' || typeof value === 'number' ? String(value) : undefined;
}
