import { Buffer } from 'node:buffer';

/**
 * The bytes of a base64url text (RFC 4648, section 5) in its one canonical form; nothing for any other text.
 *
 * A decoder that is lenient lets one token have many spellings, each of which escapes a list of revoked ones.
 */
export function fromBase64url(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64url');
  return bytes.toString('base64url') === text ? bytes : undefined;
}
