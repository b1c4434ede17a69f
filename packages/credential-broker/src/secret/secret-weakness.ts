import { Buffer } from 'node:buffer';
import { check, integer } from '@holdfast/pipeline';

/** 32 random hexadecimal digits have fewer different ones once in ten million times. */
const MIN_DISTINCT = 8;
/** What people leave in configuration files, in lower case and without punctuation. */
const WELL_KNOWN =
  /secret|chang(e|in)|password|passphrase|default|example|insecure|placeholder|devtoken|(demo|test|your)key|1234567890|qwerty/;

/**
 * The rule that a secret breaks which others guess: it is too short, monotonous, or a placeholder out of a file.
 *
 * @param secret - text counts as UTF-8
 * @param minBytes - the fewest bytes that it may have. At least 1. Default 32
 * @returns the rule, and nothing of the secret; `undefined` for one that looks random
 * @throws {@link TypeError} when `minBytes` is no number
 * @throws {@link RangeError} when it is below 1, or no whole number
 *
 * @example
 * ```ts
 * import { secretWeakness } from '@holdfast/credential-broker';
 *
 * secretWeakness('dev-secret-key-change-in-production'); // must be random, not a placeholder
 * ```
 */
export function secretWeakness(secret: string | Uint8Array, minBytes = 32): string | undefined {
  check('secretWeakness: minBytes', minBytes, integer(1));
  const bytes = typeof secret === 'string' ? Buffer.from(secret) : secret;
  if (bytes.length < minBytes) return `must have at least ${minBytes} bytes`;
  const minDistinct = Math.min(MIN_DISTINCT, minBytes);
  if (new Set(bytes).size < minDistinct) return `must have at least ${minDistinct} different bytes`;
  const words = Buffer.from(bytes)
    .toString('latin1')
    .toLowerCase()
    .replace(/[^a-z0-9]/g, '');
  return WELL_KNOWN.test(words) ? 'must be random, not a placeholder' : undefined;
}
