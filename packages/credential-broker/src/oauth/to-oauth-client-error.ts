import { AuthorizationResponseError, ResponseBodyError } from 'openid-client';
import { EgressError } from '../egress/egress-error.ts';
import { OAuthClientError } from './oauth-client-error.ts';

/** What error codes look like; anything else is not repeated. */
const ERROR_CODE = /^[a-z][a-z0-9_]{0,63}$/;
const SLOW = ['OAUTH_TIMEOUT', 'OAUTH_ABORT'];

/** What a failure of the protocol means. Its own error is no cause: it holds codes and bodies. */
export function toOAuthClientError(failure: unknown): OAuthClientError {
  for (let cause = failure; cause instanceof Error; cause = cause.cause) {
    if (cause instanceof OAuthClientError) return cause;
    if (cause instanceof EgressError) return unavailable({ cause });
    if (cause instanceof AuthorizationResponseError)
      return new OAuthClientError('denied', 'the provider did not grant access', errorOf(cause));
    if (cause instanceof ResponseBodyError) return refusal(errorOf(cause));
  }
  const { code } = failure as { readonly code?: unknown };
  if (SLOW.includes(String(code))) return unavailable();
  return new OAuthClientError('response', 'the provider answered something else than it should');
}

export const unavailable = (options?: ErrorOptions) =>
  new OAuthClientError('unavailable', 'the provider gives no answer', options);

const errorOf = ({ error }: { readonly error: string }) => ({
  error: ERROR_CODE.test(error) ? error : undefined,
});

function refusal(options: { readonly error: string | undefined }): OAuthClientError {
  return options.error === 'invalid_grant'
    ? new OAuthClientError('grant', 'the grant is not valid any more', options)
    : new OAuthClientError('refused', 'the provider refused the request', options);
}
