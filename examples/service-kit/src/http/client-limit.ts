import {
  bulkhead,
  rateLimit,
  rateLimitHeaders,
  type RateLimit,
  type RateLimitOptions,
} from '@holdfast/limiter';
import { pipeline, type Operation, type Strategy } from '@holdfast/pipeline';
import type { ServerResponse } from 'node:http';
import type { Identity } from '../auth/identity.ts';
import { addressKey } from './client-address.ts';
import { ProblemError } from './problem.ts';

/** How many requests a client may make; by default 60 a minute. */
export type ClientLimitOptions = Omit<RateLimitOptions, 'name' | 'keyBy' | 'count' | 'actualCost'>;

/** Who makes a request, as far as that is known by now. */
export interface Client {
  readonly address: string;
  readonly identity: Identity | undefined;
}

/** Has a client prove who it is, and counts its request. */
export type ClientLimit = (
  response: ServerResponse,
  client: Client,
  authenticate: () => Promise<unknown>,
) => Promise<void>;

/** How many of one address prove who they are at a time, so that none has to be refused for what others may turn out to be. */
const MAX_AT_ONCE = 10;
/** How many more of it wait, and how long. */
const WAITING = { maxQueue: 1_000, maxQueueMs: 10_000 };

/**
 * Makes a limit on the requests of each client, and one on the credentials that an address gets wrong. An attempt is
 * counted before it is looked at and given back when it was no wrong one, so that whoever has guessed too often does not
 * learn whether the next guess is right. Identities are counted as themselves, wherever they come from, and apart from
 * addresses, so that strangers, however many, do not take their places.
 *
 * @returns a function that throws what `authenticate` does, and a rejection for a request too many
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function clientLimit(options: ClientLimitOptions): ClientLimit {
  const keyBy = ({ client }: Readonly<Record<string, string>>) => client;
  const limit = (name: string, more: RateLimitOptions = {}) =>
    rateLimit({ ...options, ...more, name, keyBy });
  const identities = limit('per-identity');
  const strangers = limit('per-address');
  const failures = limit('failed-credentials', {
    actualCost: (value) => (value as Failed | undefined)?.cost ?? 0,
  });
  const maxConcurrent = Math.ceil(Math.min(MAX_AT_ONCE, failures.status().limit));
  const inTurn = bulkhead({ name: 'credentials', maxConcurrent, ...WAITING, keyBy, clock: options.clock });
  const attempts = pipeline(inTurn, failures);
  return async (response, client, authenticate) => {
    const address = addressKey(client.address);
    const attempt = () => authenticate().then(() => undefined, failed);
    const failure = await pass<Failed>(response, failures, address, attempt, attempts);
    if (failure !== undefined) throw failure.error;
    const { identity } = client;
    if (identity === undefined) await pass(response, strangers, address);
    else await pass(response, identities, `${identity.tenant} ${identity.id}`);
  };
}

/** Runs an operation within a limit, and tells the client how much of it is left. */
async function pass<T>(
  response: ServerResponse,
  limit: RateLimit,
  client: string,
  operation: Operation<T | undefined> = () => undefined,
  strategy: Strategy = limit,
): Promise<T | undefined> {
  const attributes = { client };
  const result = await strategy.try(operation, { attributes });
  const headers = rateLimitHeaders(limit.status(attributes));
  for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
  if (!result.ok) throw result.error;
  return result.value;
}

/** What became of an attempt that failed; what fails on our side is no wrong guess. */
const failed = (error: unknown) => ({
  error,
  cost: error instanceof ProblemError && error.status < 500 ? 1 : 0,
});
type Failed = ReturnType<typeof failed>;
