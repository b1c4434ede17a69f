import { readScope } from '../credential/scope.ts';
import { OAuthError } from './oauth-error.ts';
import { optional, required } from './parameters.ts';

/** The grant type of a token exchange (RFC 8693, section 2.1). */
export const TOKEN_EXCHANGE = 'urn:ietf:params:oauth:grant-type:token-exchange';

/** The types of token that are taken and given (RFC 8693, section 3). */
const TOKEN_TYPES = ['urn:ietf:params:oauth:token-type:access_token', 'urn:ietf:params:oauth:token-type:jwt'];

/** A request to exchange a token for a narrower one. */
export interface ExchangeRequest {
  readonly subjectToken: string;
  /** The token of the one who is to act, if it is not the client. */
  readonly actorToken: string | undefined;
  /** Who the new token is for: `audience` or `resource`. Default as the old one. */
  readonly audience: string | undefined;
  /** Default as the old one's. */
  readonly scope: readonly string[] | undefined;
}

/**
 * Reads the form of a token exchange (RFC 8693, section 2.1). The tokens in it are yet to be verified.
 *
 * @throws {@link OAuthError} when it is no such form, or asks for what is not given
 *
 * @example
 * ```ts
 * import { readExchangeRequest } from '@holdfast/credential-broker';
 *
 * const read = async (request: Request) => readExchangeRequest(new URLSearchParams(await request.text()));
 * ```
 */
export function readExchangeRequest(form: URLSearchParams): ExchangeRequest {
  if (required(form, 'grant_type') !== TOKEN_EXCHANGE) {
    throw new OAuthError('unsupported_grant_type', `grant_type must be ${TOKEN_EXCHANGE}`);
  }
  checkTypes(form);
  const scope = optional(form, 'scope');
  const scopes = scope === undefined ? undefined : readScope(scope);
  if (scope !== undefined && scopes === undefined)
    throw new OAuthError('invalid_scope', 'scope is malformed');
  return {
    subjectToken: required(form, 'subject_token'),
    actorToken: optional(form, 'actor_token'),
    audience: readTarget(form),
    scope: scopes,
  };
}

function checkTypes(form: URLSearchParams): void {
  const hasActor = optional(form, 'actor_token') !== undefined;
  if (!hasActor && optional(form, 'actor_token_type') !== undefined) {
    throw new OAuthError('invalid_request', 'actor_token_type must not be given without actor_token');
  }
  const types = [
    ['subject_token_type', required(form, 'subject_token_type')],
    ['requested_token_type', optional(form, 'requested_token_type')],
    ['actor_token_type', hasActor ? required(form, 'actor_token_type') : undefined],
  ];
  const wrong = types.find(([, type]) => type !== undefined && !TOKEN_TYPES.includes(type));
  if (wrong !== undefined) throw new OAuthError('invalid_request', `${wrong[0]} is not supported`);
}

/** A token is for one audience, so it is asked for by one name. */
function readTarget(form: URLSearchParams): string | undefined {
  const [target, ...others] = [...form.getAll('audience'), ...form.getAll('resource')].filter(Boolean);
  if (others.length > 0)
    throw new OAuthError('invalid_target', 'only one audience or resource can be asked for');
  return target;
}
