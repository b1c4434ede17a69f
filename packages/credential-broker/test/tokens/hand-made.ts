import { Buffer } from 'node:buffer';
import { createHmac, sign, type KeyObject } from 'node:crypto';

/** Text or anything that has a JSON text, in base64url. */
export const encoded = (value: unknown) =>
  Buffer.from(typeof value === 'string' ? value : JSON.stringify(value)).toString('base64url');

/** A token made by hand, for headers and payloads that no library makes. Text is taken as it is. */
export function handMade(header: unknown, payload: unknown, key: KeyObject | string): string {
  const input = `${encoded(header)}.${encoded(payload)}`;
  return `${input}.${signatureOf(input, key).toString('base64url')}`;
}

/** The signature of a text: HMAC-SHA256 with text as the key, else that of the kind of key. */
export function signatureOf(input: string, key: KeyObject | string): Buffer {
  if (typeof key === 'string') return createHmac('sha256', key).update(input).digest();
  const digest = key.asymmetricKeyType === 'ed25519' ? null : 'sha256';
  return sign(digest, Buffer.from(input), { key, dsaEncoding: 'ieee-p1363' });
}
