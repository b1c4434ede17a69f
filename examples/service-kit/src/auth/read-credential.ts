import type { IncomingMessage } from 'node:http';
import { ProblemError } from '../http/problem.ts';

/** A request, as far as its credentials go. */
export type Credentialed = Pick<IncomingMessage, 'headersDistinct' | 'url'>;

const MAX_LENGTH = 16_384;
/** The syntax of a bearer token (RFC 6750, section 2.1). */
const TOKEN = /^[\w\-.~+/]+=*$/;
/** Names under which others take credentials in a query, from where they get into logs and histories. */
const IN_QUERY = /^(access_?token|api_?key|x-api-key|token|key|auth(orization)?|bearer)$/i;

/**
 * Takes the one credential of a request out of `Authorization: Bearer …` or `X-API-Key: …`.
 *
 * @returns nothing when there is none, or one of another scheme
 * @throws {@link ProblemError} `bad-request` when there are several, it is malformed, or it is in the query
 */
export function readCredential({ headersDistinct, url = '' }: Credentialed): string | undefined {
  const query = new URLSearchParams(url.split('?').slice(1).join('?'));
  if ([...query.keys()].some((name) => IN_QUERY.test(name)))
    throw new ProblemError('bad-request', 'Credentials must not be in the query.');
  const { authorization = [], 'x-api-key': keys = [] } = headersDistinct;
  const [given = '', ...more] = [...authorization, ...keys];
  if (more.length > 0) throw new ProblemError('bad-request', 'There must be one credential.');
  const isBearer = /^bearer(?= )/i.test(given);
  if (keys.length === 0 && !isBearer) return undefined;
  const credential = keys.length > 0 ? given : given.slice('bearer '.length);
  if (credential.length > MAX_LENGTH || !TOKEN.test(credential))
    throw new ProblemError('bad-request', 'The credential is malformed.');
  return credential;
}
