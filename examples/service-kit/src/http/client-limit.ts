import { rateLimit, rateLimitHeaders, type RateLimitOptions } from '@holdfast/limiter';
import type { ServerResponse } from 'node:http';
import type { Identity } from '../auth/identity.ts';
import { addressKey } from './client-address.ts';
import { ProblemError } from './problem.ts';

/** How many requests a client may make; by default 60 a minute. */
export type ClientLimitOptions = Omit<RateLimitOptions, 'name' | 'keyBy' | 'count' | 'actualCost'>;

/** Counts a request for whoever makes it: an identity, or the address of one who has none. */
export type ClientLimit = (
  response: ServerResponse,
  who: { readonly identity: Identity | undefined; readonly address: string },
) => Promise<void>;

/**
 * Makes a limit on the requests of each client. An identity is counted as itself, wherever it comes from; no header of
 * its own choice makes it another one.
 *
 * @returns a function that throws {@link ProblemError} `rate-limited` for a request too many
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function clientLimit(options: ClientLimitOptions): ClientLimit {
  const limit = rateLimit({ ...options, name: 'per-client', keyBy: ({ client }) => client });
  return async (response, { identity, address }) => {
    const client = identity ? `id:${identity.tenant} ${identity.id}` : `ip:${addressKey(address)}`;
    const attributes = { client };
    const result = await limit.try(() => undefined, { attributes });
    const refusal = result.ok ? undefined : (result.error as Parameters<typeof rateLimitHeaders>[1]);
    const headers = rateLimitHeaders(limit.status(attributes), refusal);
    for (const [name, value] of Object.entries(headers)) response.setHeader(name, String(value));
    if (!result.ok) throw new ProblemError('rate-limited', 'Come again later.');
  };
}
