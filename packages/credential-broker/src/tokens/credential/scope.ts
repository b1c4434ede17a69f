/** What a single scope may consist of (RFC 6749, section 3.3). */
const SCOPE = /^[\x21\x23-\x5b\x5d-\x7e]+$/;

/** The scopes of a `scope` claim or parameter; nothing when it is none. */
export function readScope(value: unknown): readonly string[] | undefined {
  if (typeof value !== 'string') return undefined;
  const scopes = value === '' ? [] : value.split(' ');
  return scopes.every((scope) => SCOPE.test(scope)) ? scopes : undefined;
}
