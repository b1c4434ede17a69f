import { Buffer } from 'node:buffer';

/** Random hexadecimal digits, 32 of them, have fewer different ones once in ten million times. */
const MIN_DISTINCT = 8;

/** What people leave in files that others copy, in lower case and without punctuation. */
const PLACEHOLDER =
  /secret|chang(e|in)|password|passphrase|default|example|insecure|placeholder|devtoken|(demo|test|your)key|1234567890|qwerty/;

/** The rule that a secret breaks which anybody may guess; nothing for one that looks random. */
export function weaknessOf(secret: string, minBytes: number): string | undefined {
  if (Buffer.byteLength(secret) < minBytes) return `must have at least ${minBytes} bytes`;
  if (new Set(secret).size < Math.min(MIN_DISTINCT, minBytes)) return 'must be random, not monotonous';
  const words = secret.toLowerCase().replace(/[^a-z0-9]/g, '');
  return PLACEHOLDER.test(words) ? 'must be random, not a placeholder' : undefined;
}
