import { HASH_BYTES } from '../merkle/hash.ts';
import { fromBase64 } from '../note/base64.ts';

/** What a log sends to a witness (C2SP tlog-witness, add-checkpoint). */
export interface AddCheckpoint {
  /** How many entries the checkpoint had that the witness cosigned last, as far as the log knows. */
  readonly oldSize: number;
  /** The consistency proof from there. */
  readonly proof: readonly Uint8Array[];
  /** The signed checkpoint. */
  readonly checkpoint: string;
}

/** The content type of an answer that tells the size of the last cosigned checkpoint. */
export const SIZE_TYPE = 'text/x.tlog.size';

/** The longest consistency proof that there may be. */
const MAX_HASHES = 63;

const SIZE = /^(0|[1-9][0-9]{0,15})$/;

/** Reads a tree size as the protocol writes it. */
export function parseSize(text: string): number | undefined {
  const size = SIZE.test(text) ? Number(text) : NaN;
  return Number.isSafeInteger(size) ? size : undefined;
}

/** Writes the body of a request. */
export function formatAddCheckpoint({ oldSize, proof, checkpoint }: AddCheckpoint): string {
  const lines = [`old ${oldSize}`, ...proof.map((hash) => Buffer.from(hash).toString('base64'))];
  return `${lines.join('\n')}\n\n${checkpoint}`;
}

/** Reads the body of a request; nothing when it is malformed. */
export function parseAddCheckpoint(body: string): AddCheckpoint | undefined {
  const end = body.indexOf('\n\n');
  const [first = '', ...lines] = body.slice(0, Math.max(0, end)).split('\n');
  const oldSize = first.startsWith('old ') ? parseSize(first.slice(4)) : undefined;
  const proof = lines.map(fromBase64);
  if (oldSize === undefined || proof.length > MAX_HASHES) return undefined;
  if (!proof.every((hash) => hash?.length === HASH_BYTES)) return undefined;
  return { oldSize, proof: proof.flatMap((hash) => hash ?? []), checkpoint: body.slice(end + 2) };
}
