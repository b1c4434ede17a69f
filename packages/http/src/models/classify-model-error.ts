import { isRejection, systemClock, type Clock } from '@holdfast/pipeline';
import { gather, type Evidence } from './evidence.ts';
import { modelError, type ModelError, type ModelErrorKind } from './model-error.ts';
import { modelRetryAfter } from './model-retry-after.ts';
import { kindOfStatus, NAMES } from './names.ts';

/** What {@link classifyModelError} takes besides the error. */
export interface ClassifyOptions {
  /** Tells how far away the instants in headers are. Default: the system's clock. */
  readonly clock?: Pick<Clock, 'wallNow'> | undefined;
}

/** Refusals of our own: nothing was sent, which speaks against nobody. */
const REJECTIONS: Readonly<Record<string, ModelErrorKind>> = {
  ERR_TIMEOUT: 'timeout',
  ERR_CIRCUIT_OPEN: 'overloaded',
  ERR_BULKHEAD_FULL: 'rate-limited',
  ERR_RATE_LIMITED: 'rate-limited',
  ERR_BUDGET_EXHAUSTED: 'quota-exhausted',
};

/** Anthropic's words for an account without money, which have no code of their own. */
const NO_MONEY = /^(your credit balance is too low|you have reached your specified api usage limits)/i;

/** Codes of Node and undici for a network that failed. */
const NETWORK = /^(econn|epipe|enotfound|eaiagain|ehost|enet|etimedout|underr)/;

/**
 * Says what an error of a model API means, from the shapes that OpenAI, Azure, Anthropic, Google, Bedrock and those
 * compatible with them document: an error of an SDK, a `Response` or its parsed body, an event in the midst of a
 * stream, or a rejection of a strategy. Never throws, whatever it is given.
 *
 * @param error - anything; JSON in texts is read
 *
 * @example
 * ```ts
 * import { classifyModelError } from '@holdfast/http/models';
 *
 * const { kind, retryable } = classifyModelError({
 *   status: 429,
 *   error: { type: 'insufficient_quota', code: 'credit_balance_exhausted' },
 * });
 * console.assert(kind === 'quota-exhausted' && !retryable);
 * ```
 */
export function classifyModelError(error: unknown, options: ClassifyOptions = {}): ModelError {
  try {
    if (isRejection(error)) return ofRejection(error.code, error.retryAfterMs);
    const evidence = gather(error);
    const kind = kindOf(evidence, error);
    const verdict = modelError(kind);
    if (!verdict.retryable) return verdict;
    return modelError(kind, modelRetryAfter(evidence, options.clock ?? systemClock));
  } catch {
    // A getter or a proxy that throws is no reason to lose the error it belongs to.
    return modelError('unknown');
  }
}

function ofRejection(code: string, retryAfterMs: number | undefined): ModelError {
  const verdict = modelError(REJECTIONS[code] ?? 'unknown', retryAfterMs);
  return code === 'ERR_TIMEOUT' ? verdict : { ...verdict, countsAsFailure: false };
}

function kindOf(evidence: Evidence, error: unknown): ModelErrorKind {
  const { names, status, messages } = evidence;
  if (messages.some((message) => NO_MONEY.test(message))) return 'quota-exhausted';
  // Google names the quota: GenerateRequestsPerDayPerProjectPerModel. One for a day is not waited for.
  if (status === 429 && [...names].some((name) => name.includes('perday'))) return 'quota-exhausted';
  const named = NAMES.find(([, known]) => known.some((name) => names.has(name)))?.[0];
  return named ?? (status === undefined ? undefined : kindOfStatus(status)) ?? ofNetwork(names, error);
}

/** A TypeError is what `fetch` throws for a network that failed. */
function ofNetwork(names: ReadonlySet<string>, error: unknown): ModelErrorKind {
  const failed = error instanceof TypeError || [...names].some((name) => NETWORK.test(name));
  return failed ? 'server' : 'unknown';
}
