import type { Buffer } from 'node:buffer';
import { TokenError } from '../token-error.ts';
import { fromBase64url } from './base64url.ts';
import { readJsonObject } from './strict-json.ts';

/** The longest token that is looked at, in characters. */
export const MAX_TOKEN_LENGTH = 16_384;

/** A token in the compact serialization, its parts decoded. */
export interface CompactToken {
  readonly header: Readonly<Record<string, unknown>>;
  /** The bytes of every part, the header's first. */
  readonly parts: readonly Buffer[];
}

/** What a header must not ask for: keys from elsewhere, extensions, and a payload in another form. */
const REFUSED = ['crit', 'jku', 'x5u', 'jwk', 'x5c', 'zip', 'b64'];

/**
 * Reads a token in the compact serialization (RFC 7515 and RFC 7516, section 7.1) in its one canonical form, before a
 * key is looked up or anything is computed.
 *
 * @param count - 3 parts for a JWS, 5 for a JWE
 * @param carriesKey - whether the header has the public key, as in a DPoP proof
 * @throws {@link TokenError} `malformed` when it is anything else
 */
export function readCompact(token: unknown, count: 3 | 5, carriesKey = false): CompactToken {
  if (typeof token !== 'string') throw malformed('must be a string');
  if (token.length > MAX_TOKEN_LENGTH) throw malformed(`must have at most ${MAX_TOKEN_LENGTH} characters`);
  const parts = token.split('.', count + 1).map(fromBase64url);
  if (parts.length !== count) throw malformed(`must have ${count} parts`);
  if (!parts.every((part) => part !== undefined)) throw malformed('has a part that is not base64url');
  const header = readJsonObject(parts[0] as Buffer);
  if (header === undefined) throw malformed('has a header that is not a JSON object of distinct keys');
  const refused = REFUSED.find((name) => Object.hasOwn(header, name) && !(carriesKey && name === 'jwk'));
  if (refused !== undefined) throw malformed(`must not have ${refused} in its header`);
  return { header, parts };
}

const malformed = (rule: string) => new TokenError('malformed', `the token ${rule}`);
