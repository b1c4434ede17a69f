import { fromBase64 } from './base64.ts';
import { NoteError } from './note-error.ts';

/** The head of a tree: which log, how many leaves, which root. */
export interface Checkpoint {
  /** The log that it is of. */
  readonly origin: string;
  /** How many leaves the tree has. */
  readonly size: number;
  /** The root of the tree, 32 bytes. */
  readonly root: Uint8Array;
  /** Lines that others put under the three; ours never have any. */
  readonly extensions: readonly string[];
}

const SIZE = /^(0|[1-9][0-9]*)$/;

const malformed = (what: string) => new NoteError('malformed', `the checkpoint ${what}`);

/**
 * Writes the text of a checkpoint (C2SP tlog-checkpoint), to be signed as a note.
 *
 * @example
 * ```ts
 * import { formatCheckpoint } from '@holdfast/audit';
 *
 * console.log(formatCheckpoint({ origin: 'audit.example/test', size: 0, root: Buffer.alloc(32) }));
 * ```
 */
export function formatCheckpoint(checkpoint: Omit<Checkpoint, 'extensions'>): string {
  return `${checkpoint.origin}\n${checkpoint.size}\n${Buffer.from(checkpoint.root).toString('base64')}\n`;
}

/**
 * Reads the text of a checkpoint: that of an opened note.
 *
 * @throws {@link NoteError} when it is malformed
 *
 * @example
 * ```ts
 * import { parseCheckpoint } from '@holdfast/audit';
 *
 * const text = 'audit.example/test\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n';
 * console.log(parseCheckpoint(text).size); // 0
 * ```
 */
export function parseCheckpoint(text: string): Checkpoint {
  if (!text.endsWith('\n')) throw malformed('does not end with a newline');
  const [origin = '', sizeLine = '', rootLine = '', ...extensions] = text.slice(0, -1).split('\n');
  const size = SIZE.test(sizeLine) ? Number(sizeLine) : NaN;
  const root = fromBase64(rootLine);
  if (origin === '') throw malformed('has no origin');
  if (!Number.isSafeInteger(size)) throw malformed('has no size');
  if (root?.length !== 32) throw malformed('has no root hash');
  if (extensions.includes('')) throw malformed('has an empty line');
  return { origin, size, root, extensions };
}
