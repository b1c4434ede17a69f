import type { Rule } from '@holdfast/pipeline';
import { isWellFormed } from '../note/well-formed.ts';

/** The longest tenant, in bytes: encoded it must fit the name of a folder, and a byte may become three. */
export const MAX_TENANT_BYTES = 64;

/** The rule for the name of a tenant. */
export const tenantRule: Rule = (value) =>
  typeof value === 'string' &&
  value !== '' &&
  isWellFormed(value) &&
  Buffer.byteLength(value) <= MAX_TENANT_BYTES
    ? undefined
    : `must be well-formed text of 1 to ${MAX_TENANT_BYTES} bytes`;

// Capitals are encoded as well: some file systems do not tell them from small letters.
const PLAIN = /^[a-z0-9_-]$/;
const SAFE_DOT = /^[a-z0-9_-]/;

/**
 * A tenant as part of an origin and as the name of a folder: bytes other than small letters, digits, `-`, `_` and dots
 * within become `~` and two hexadecimal digits, which needs no escaping in a URL either.
 */
export function encodeTenant(tenant: string): string {
  let encoded = '';
  for (const byte of Buffer.from(tenant)) {
    const char = String.fromCharCode(byte);
    const plain = PLAIN.test(char) || (char === '.' && SAFE_DOT.test(encoded));
    encoded += plain ? char : `~${byte.toString(16).padStart(2, '0')}`;
  }
  return encoded;
}

/** The tenant that was encoded; nothing for a text that no tenant encodes to. */
export function decodeTenant(encoded: string): string | undefined {
  const bytes: number[] = [];
  for (let at = 0; at < encoded.length; at += encoded[at] === '~' ? 3 : 1) {
    bytes.push(encoded[at] === '~' ? parseInt(encoded.slice(at + 1, at + 3), 16) : encoded.charCodeAt(at));
  }
  const tenant = Buffer.from(bytes).toString();
  return tenantRule(tenant) === undefined && encodeTenant(tenant) === encoded ? tenant : undefined;
}
