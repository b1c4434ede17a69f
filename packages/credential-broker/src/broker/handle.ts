import { hash, randomFillSync, randomUUID } from 'node:crypto';

/** What handles begin with, so that scanners for secrets find them. */
export const HANDLE_PREFIX = 'hf_';

const HANDLE_BYTES = 32;
const HANDLE = /^hf_[A-Za-z0-9_-]{43}$/;
const ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

// To ask for random bytes costs as much as the rest of an issue, however few they are.
const pool = Buffer.alloc(HANDLE_BYTES * 128);
let next = pool.length;

/** A new handle: 256 bits that nobody can guess. */
export function newHandle(): string {
  if (next === pool.length) {
    randomFillSync(pool);
    next = 0;
  }
  const bytes = pool.subarray(next, (next += HANDLE_BYTES));
  const handle = HANDLE_PREFIX + bytes.toString('base64url');
  bytes.fill(0);
  return handle;
}

/** A new id of a lease, token or approval. */
export const newId = (): string => randomUUID();

/** What a handle is kept and found by. */
export const hashHandle = (handle: string): string => hash('sha256', handle, 'base64url');

/** Whether something has the form of a handle; nothing else needs to be looked for. */
export const isHandle = (value: unknown): value is string => typeof value === 'string' && HANDLE.test(value);

/** Whether something has the form of an id; nothing else needs to be looked for. */
export const isId = (value: unknown): value is string => typeof value === 'string' && ID.test(value);
