import type { BreakerRegistry } from '@holdfast/circuit-breaker';
import {
  createEmitter,
  isAdmissionRejection,
  type CallOptions,
  type Emitter,
  type EventSource,
  type ExecutionContext,
} from '@holdfast/pipeline';
import { Attempts } from './attempts.ts';
import { FetchCore } from './core.ts';
import type { FetchEvent } from './events.ts';
import { readFetchOptions, type FetchOptions } from './options.ts';

/** The signature of the platform's `fetch`. */
export type Fetch = (input: RequestInfo | URL, init?: RequestInit) => Promise<Response>;

/** What a guarded fetch has done since it was made. */
export interface FetchStats {
  /** How many calls were made. */
  readonly calls: number;
  /** How many of them are waiting for their response now. */
  readonly running: number;
  /** How many requests were sent for them. */
  readonly attempts: number;
  /** How many attempts followed first ones. */
  readonly retries: number;
  /** How many calls succeeded at a later attempt. */
  readonly recovered: number;
  /** How many calls and attempts ran out of time before their response began. */
  readonly timeouts: number;
  /** How many calls a breaker refused. */
  readonly refused: number;
  /** How many bodies stalled or broke off. */
  readonly bodyFailures: number;
}

/** A `fetch` that waits no longer than it may, repeats what may be repeated and spares servers that fail. */
export interface GuardedFetch extends Fetch, EventSource<FetchEvent> {
  /** What it is called in errors, events and metrics. */
  readonly name: string;
  /** The breakers, one for each origin. */
  readonly breakers: BreakerRegistry;
  /** The same fetch for what is done on behalf of a call: it inherits that call's deadline, abort and attributes. */
  within(ctx: ExecutionContext): Fetch;
  /** Counts since it was made; a new object at each call. */
  stats(): FetchStats;
}

/**
 * Makes a guarded `fetch`. Like the bare one it answers with the response whatever its status; a response that another
 * attempt might mend is the last one of several.
 *
 * GET, HEAD, OPTIONS, PUT, DELETE and whatever has an `Idempotency-Key` are repeated after 408, 425, 429, 5xx and
 * network errors; anything else only when it surely never started, and never when its body is a stream.
 *
 * @param options - see {@link FetchOptions}; times in milliseconds
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { createFetch } from '@holdfast/http';
 *
 * const guarded = createFetch({ attemptMs: 2_000 });
 * const response = await guarded('https://inventory.example/items');
 * console.log(response.status, guarded.breakers.health().status);
 * ```
 */
export function createFetch(options: FetchOptions = {}): GuardedFetch {
  const settings = readFetchOptions(options);
  const emitter: Emitter<FetchEvent> = createEmitter(settings.onListenerError);
  const core = new FetchCore(settings, emitter);
  const bound =
    (within?: ExecutionContext): Fetch =>
    (input, init) =>
      send(core, input, init, within);
  const events: EventSource<FetchEvent> = {
    on: (type, listener) => emitter.on(type, listener),
    subscribe: (listener) => emitter.subscribe(listener),
  };
  const named = Object.defineProperty(bound(), 'name', { value: settings.name });
  return Object.assign(named, events, {
    breakers: core.breakers,
    within: (ctx: ExecutionContext) => bound(ctx),
    stats: () => core.stats(),
  });
}

async function send(
  core: FetchCore,
  input: RequestInfo | URL,
  init: RequestInit | undefined,
  within: ExecutionContext | undefined,
): Promise<Response> {
  const out = core.read(input, init);
  // A URL that is none of HTTP says nothing about any server; `fetch` has the right answer for it.
  if (out === undefined) return core.bare(input, init);
  const { origin, method, signal, repeatable } = out;
  const attributes = { ...within?.attributes, origin, method, repeatable };
  const call: CallOptions = { signal, within, attributes };
  const attempts = new Attempts(core, out, endOf(signal, within));
  try {
    return await (repeatable === 'never' ? core.once : core.repeated).execute(attempts.next, call);
  } catch (error) {
    attempts.discard();
    if (isAdmissionRejection(error)) core.refused++;
    throw error;
  }
}

/** What ends a body: the abort of its own request, and of the call that it is made for. */
function endOf(
  signal: AbortSignal | undefined,
  within: ExecutionContext | undefined,
): AbortSignal | undefined {
  if (signal === undefined || within === undefined) return signal ?? within?.signal;
  return AbortSignal.any([signal, within.signal]);
}
