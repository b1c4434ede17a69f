import { OAuthError } from './oauth-error.ts';

/** Far more than a token takes. */
const MAX_LENGTH = 16_384;

/**
 * Reads the one value of a parameter; an empty one counts as left out (RFC 6749, section 3.1).
 *
 * @throws {@link OAuthError} `invalid_request` when it is given twice or too long
 */
export function optional(form: URLSearchParams, name: string): string | undefined {
  const [value = '', ...others] = form.getAll(name);
  if (others.length > 0) throw new OAuthError('invalid_request', `${name} must be given once`);
  if (value.length > MAX_LENGTH) throw new OAuthError('invalid_request', `${name} is too long`);
  return value === '' ? undefined : value;
}

/** The same for a parameter that must be there. */
export function required(form: URLSearchParams, name: string): string {
  const value = optional(form, name);
  if (value === undefined) throw new OAuthError('invalid_request', `${name} is required`);
  return value;
}
