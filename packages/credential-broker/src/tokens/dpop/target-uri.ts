/**
 * The URI of a request as proofs compare it (RFC 9449, section 4.3): without query and fragment, normalised by syntax
 * and scheme (RFC 3986, sections 6.2.2 and 6.2.3).
 *
 * @returns nothing for what is no HTTP URI, or has a user in it
 */
export function targetUri(uri: unknown): string | undefined {
  if (typeof uri !== 'string' || !URL.canParse(uri)) return undefined;
  // Parsing lowers the case of scheme and host, drops a port that is the scheme's own, and resolves dot segments.
  const url = new URL(uri);
  if (!/^https?:$/.test(url.protocol) || url.username !== '' || url.password !== '') return undefined;
  return url.origin + url.pathname.replace(/%[0-9a-f]{2}/gi, normalEscape);
}

/** What need not be escaped is not; what is, is in capitals. */
function normalEscape(escape: string): string {
  const character = String.fromCharCode(parseInt(escape.slice(1), 16));
  return /[A-Za-z0-9\-._~]/.test(character) ? character : escape.toUpperCase();
}
