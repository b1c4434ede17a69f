import { HASH_BYTES } from '../merkle/hash.ts';
import { fromBase64 } from '../note/base64.ts';
import { ProofError } from './proof-error.ts';

/** A proof that an entry is in a log, with all that is needed to check it offline (C2SP tlog-proof). */
export interface TlogProof {
  /** Where the entry stands in the log, from 0. */
  readonly index: number;
  /** The hashes from the entry's sibling up to the child of the root, 32 bytes each. */
  readonly hashes: readonly Uint8Array[];
  /** The signed checkpoint, with the cosignatures of witnesses, if any. */
  readonly checkpoint: string;
  /** Data of the application that nothing authenticates. */
  readonly extra?: Uint8Array | undefined;
}

const HEADER = 'c2sp.org/tlog-proof@v1';
const INDEX = /^index (0|[1-9][0-9]{0,15})$/;
const EXTRA = 'extra ';
const MAX_HASHES = 63;

const malformed = (what: string) => new ProofError('malformed', `the proof ${what}`);

const base64 = (bytes: Uint8Array) => Buffer.from(bytes).toString('base64');

/**
 * Writes a proof as text, to be kept in a file that ends in `.tlog-proof`.
 *
 * @example
 * ```ts
 * import { formatProof } from '@holdfast/audit';
 *
 * const text = (checkpoint: string) => formatProof({ index: 0, hashes: [], checkpoint });
 * ```
 */
export function formatProof(proof: TlogProof): string {
  const extra = proof.extra === undefined ? [] : [`${EXTRA}${base64(proof.extra)}`];
  const lines = [HEADER, ...extra, `index ${proof.index}`, ...proof.hashes.map(base64)];
  return `${lines.join('\n')}\n\n${proof.checkpoint}`;
}

/**
 * Reads a proof. That it is well-formed says nothing about whether it holds: {@link checkProof} does.
 *
 * @throws {@link ProofError} when the text is no proof
 *
 * @example
 * ```ts
 * import { readFileSync } from 'node:fs';
 * import { parseProof } from '@holdfast/audit';
 *
 * console.log(parseProof(readFileSync('login.tlog-proof', 'utf8')).index);
 * ```
 */
export function parseProof(text: string): TlogProof {
  const end = text.indexOf('\n\n');
  if (end < 0) throw malformed('has no checkpoint');
  const [header, ...lines] = text.slice(0, end).split('\n');
  if (header !== HEADER) throw malformed(`does not begin with ${HEADER}`);
  const extra = lines[0]?.startsWith(EXTRA)
    ? fromBase64(lines.shift()?.slice(EXTRA.length) ?? '')
    : undefined;
  if (extra === undefined && text.startsWith(`${HEADER}\n${EXTRA}`))
    throw malformed('has extra data that is not base64');
  const index = Number(INDEX.exec(lines.shift() ?? '')?.[1] ?? NaN);
  if (!Number.isSafeInteger(index)) throw malformed('has no index');
  if (lines.length > MAX_HASHES) throw malformed(`has more than ${MAX_HASHES} hashes`);
  const hashes = lines.map((line, at) => {
    const hash = fromBase64(line);
    if (hash?.length !== HASH_BYTES) throw malformed(`has a line that is no hash: number ${at + 1}`);
    return hash;
  });
  return { index, hashes, checkpoint: text.slice(end + 2), ...(extra === undefined ? {} : { extra }) };
}
