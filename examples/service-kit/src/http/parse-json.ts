import { ProblemError } from './problem.ts';

/** JSON of any kind. */
export const JSON_TYPE = /^application\/([\w.-]+\+)?json$/;

const MAX_DEPTH = 32;
const utf8 = new TextDecoder('utf-8', { fatal: true });

/**
 * Reads JSON that harms nobody who goes on with it: UTF-8, at most 32 levels deep, without keys that reach a prototype,
 * without NUL and halves of characters, which PostgreSQL cannot hold, and without numbers beyond all bounds.
 *
 * @throws {@link ProblemError} `bad-request` when it is anything else
 */
export function parseJson(bytes: Uint8Array): unknown {
  const value = parse(bytes);
  checkValue(value, 0);
  return value;
}

function parse(bytes: Uint8Array): unknown {
  try {
    return JSON.parse(utf8.decode(bytes));
  } catch {
    // The error quotes the body, which may hold secrets.
    throw refused('The body is not JSON.');
  }
}

function checkValue(value: unknown, depth: number): void {
  if (typeof value === 'string' && !isText(value))
    throw refused('The body has a NUL character, or half a character.');
  // JSON has no infinity, but 1e999.
  if (typeof value === 'number' && !Number.isFinite(value)) throw refused('The body has too great a number.');
  if (typeof value !== 'object' || value === null) return;
  if (depth === MAX_DEPTH) throw refused(`The body is more than ${MAX_DEPTH} levels deep.`);
  for (const [key, inner] of Object.entries(value)) {
    if (reachesPrototype(key, inner)) throw refused('The body has a key that it must not have.');
    checkValue(key, depth);
    checkValue(inner, depth + 1);
  }
}

const reachesPrototype = (key: string, inner: unknown) =>
  key === '__proto__' ||
  (key === 'constructor' && typeof inner === 'object' && inner !== null && Object.hasOwn(inner, 'prototype'));

/** Whether a text has neither NUL nor a surrogate without the other half of its pair. */
export const isText = (value: string) => !/\0|\p{Surrogate}/u.test(value);

const refused = (detail: string) => new ProblemError('bad-request', detail);
