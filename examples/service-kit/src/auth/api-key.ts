import { createHash, randomBytes } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { Secret } from '@holdfast/credential-broker';

/** What every key begins with, so that scanners of sources and logs find it. */
const PREFIX = 'hfk_';
const SHAPE = /^hfk_([\w-]{43})([0-9a-f]{8})$/;

/** A new key: a prefix, 256 random bits, and a checksum, by which a scanner tells keys from what resembles them. */
export function newApiKey(): Secret {
  const random = randomBytes(32).toString('base64url');
  return new Secret(PREFIX + random + checksum(random));
}

/** Whether a credential is meant to be an API key. */
export const looksLikeApiKey = (credential: string) => credential.startsWith(PREFIX);

/** Whether a text is a key that was once made, as far as it can tell itself. */
export function isApiKey(text: string): boolean {
  const [, random = '', sum] = SHAPE.exec(text) ?? [];
  return sum !== undefined && checksum(random) === sum;
}

/** What is kept of a key. A fast hash will do: nobody guesses 256 bits. */
export const digestOf = (key: string) => createHash('sha256').update(key).digest('hex');

const checksum = (text: string) =>
  crc32(PREFIX + text)
    .toString(16)
    .padStart(8, '0');
