import { fromBase64 } from './base64.ts';
import { isKeyName } from './key-name.ts';
import { NoteError } from './note-error.ts';
import type { NoteSigner } from './signer.ts';
import type { NoteVerifier } from './verifier.ts';
import { isWellFormed } from './well-formed.ts';

/** One signature line of a note. */
export interface NoteSignature {
  /** The name of the key. */
  readonly name: string;
  /** The ID of the key. */
  readonly keyId: number;
  /** The signature without the key ID. */
  readonly signature: Uint8Array;
}

/** The two parts of a note; nothing is known yet about who signed it. */
export interface ParsedNote {
  /** The text, with its last newline. */
  readonly text: string;
  readonly signatures: readonly NoteSignature[];
}

/** A note whose signatures by known keys are all true; there is at least one. */
export interface OpenedNote extends ParsedNote {
  /** The signatures by known keys. */
  readonly verified: readonly (NoteSignature & { readonly verifier: NoteVerifier })[];
}

/** More than any honest note carries; the specification asks for at least 16. */
const MAX_SIGNATURES = 100;
const MAX_NOTE_CHARS = 1_000_000;

const malformed = (what: string) => new NoteError('malformed', `the note ${what}`);

// Control characters other than newline are what the specification forbids.
const CONTROL = /[\u0000-\u0009\u000b-\u001f]/;

function checkText(text: string): void {
  if (!isWellFormed(text) || CONTROL.test(text)) throw malformed('has characters that no note may have');
}

/** Writes one signature line. */
export function signatureLine({ name, keyId, signature }: NoteSignature): string {
  const bytes = Buffer.alloc(4 + signature.length);
  bytes.writeUInt32BE(keyId, 0);
  bytes.set(signature, 4);
  return `— ${name} ${bytes.toString('base64')}\n`;
}

function parseLine(line: string): NoteSignature {
  const [dash, name = '', text = '', ...more] = line.split(' ');
  const bytes = fromBase64(text);
  if (dash !== '—' || !isKeyName(name) || bytes === undefined || bytes.length < 5 || more.length > 0) {
    throw malformed('has a line that is no signature');
  }
  return { name, keyId: bytes.readUInt32BE(0), signature: bytes.subarray(4) };
}

/**
 * Signs a text (C2SP signed-note).
 *
 * @param text - ends with a newline
 * @throws {@link NoteError} when the text does not, or has control characters
 *
 * @example
 * ```ts
 * import { generateSigner, noteSigner, signNote } from '@holdfast/audit';
 *
 * const note = await signNote('all is well\n', [noteSigner('audit.example/test', generateSigner())]);
 * ```
 */
export async function signNote(text: string, signers: readonly NoteSigner[]): Promise<string> {
  checkText(text);
  if (!text.endsWith('\n')) throw malformed('must end with a newline');
  const bytes = Buffer.from(text);
  const lines = signers.map(async (signer) =>
    signatureLine({ name: signer.name, keyId: signer.keyId, signature: await signer.sign(bytes) }),
  );
  return `${text}\n${(await Promise.all(lines)).join('')}`;
}

/**
 * Takes a note apart without looking at who signed it.
 *
 * @throws {@link NoteError} when it is malformed
 *
 * @example
 * ```ts
 * import { parseNote } from '@holdfast/audit';
 *
 * const names = (note: string) => parseNote(note).signatures.map((signature) => signature.name);
 * ```
 */
export function parseNote(note: string): ParsedNote {
  if (note.length > MAX_NOTE_CHARS) throw malformed('is too long');
  checkText(note);
  const end = note.lastIndexOf('\n\n');
  if (end < 0 || !note.endsWith('\n')) throw malformed('has no signatures');
  const lines = note.slice(end + 2, -1).split('\n');
  if (lines.length > MAX_SIGNATURES) throw malformed('has too many signatures');
  return { text: note.slice(0, end + 1), signatures: lines.map(parseLine) };
}

/**
 * Opens a note: its text may be trusted when at least one known key signed it. Signatures by unknown keys are
 * ignored; a false one by a known key condemns the whole note.
 *
 * @throws {@link NoteError} when the note is malformed, not signed by a known key or signed falsely
 *
 * @example
 * ```ts
 * import { openNote, verifierFrom } from '@holdfast/audit';
 *
 * const read = (note: string, vkey: string) => openNote(note, [verifierFrom(vkey)]).text;
 * ```
 */
export function openNote(note: string, verifiers: readonly NoteVerifier[]): OpenedNote {
  const { text, signatures } = parseNote(note);
  const bytes = Buffer.from(text);
  const verified = signatures.flatMap((signature) => {
    const verifier = verifiers.find(
      ({ name, keyId }) => name === signature.name && keyId === signature.keyId,
    );
    if (verifier === undefined) return [];
    if (!verifier.verify(bytes, signature.signature)) {
      throw new NoteError('bad-signature', `the signature of ${verifier.name} is false`);
    }
    return [{ ...signature, verifier }];
  });
  if (verified.length === 0) throw new NoteError('unsigned', 'no known key signed the note');
  return { text, signatures, verified };
}
