import {
  NoteError,
  noteSigner,
  openNote,
  parseNote,
  signerFrom,
  signNote,
  verifierFrom,
} from '@holdfast/audit';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';

// The keys and the note that the documentation of Go's package golang.org/x/mod/sumdb/note shows.
const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SKEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';
const TEXT =
  "If you think cryptography is the answer to your problem,\nthen you don't know what your problem is.\n";
const LINE =
  '— PeterNeumann x08go/ZJkuBS9UG/SffcvIAQxVBtiFupLLr8pAcElZInNIuGUgYN1FFYC2pZSNXgKvqfqdngotpRZb6KE6RyyBwJnAM=\n';

const verifier = verifierFrom(VKEY);
const { name, signer } = signerFrom(SKEY);
const peter = noteSigner(name, signer);

const fault = (run: () => unknown) => {
  try {
    run();
    return undefined;
  } catch (error) {
    return error instanceof NoteError ? error.fault : error;
  }
};

test('a note is signed as Go signs it', async () => {
  expect(await signNote(TEXT, [peter])).toBe(`${TEXT}\n${LINE}`);
});

test('a note that Go signed opens', () => {
  const { text, verified, signatures } = openNote(`${TEXT}\n${LINE}`, [verifier]);
  expect(text).toBe(TEXT);
  expect(verified.map((signature) => signature.verifier)).toEqual([verifier]);
  expect(signatures).toHaveLength(1);
});

test('the text may have empty lines, and any number of keys may sign it', async () => {
  const text = 'one\n\n\ntwo\n';
  const ann = noteSigner('ann', signer);
  const note = await signNote(text, [ann, peter]);
  const opened = openNote(note, [verifier]);
  expect(opened.text).toBe(text);
  expect(opened.signatures.map((signature) => signature.name)).toEqual(['ann', 'PeterNeumann']);
  expect(opened.verified.map((signature) => signature.name)).toEqual(['PeterNeumann']);
});

test('signatures by unknown keys are ignored, even of a known name or a known ID', () => {
  const id = Buffer.from('c74f20a3', 'hex');
  const fake = (keyId: Buffer) => Buffer.concat([keyId, Buffer.alloc(64)]).toString('base64');
  const lines = [`— PeterNeumann ${fake(Buffer.alloc(4))}\n`, `— Somebody ${fake(id)}\n`];
  expect(openNote(`${TEXT}\n${lines.join('')}${LINE}`, [verifier]).verified).toHaveLength(1);
  expect(fault(() => openNote(`${TEXT}\n${lines.join('')}`, [verifier]))).toBe('unsigned');
});

test('one false signature by a known key condemns the note', () => {
  const false64 = Buffer.concat([Buffer.from('c74f20a3', 'hex'), Buffer.alloc(64)]).toString('base64');
  expect(fault(() => openNote(`${TEXT}\n${LINE}— PeterNeumann ${false64}\n`, [verifier]))).toBe(
    'bad-signature',
  );
});

test('no single changed character leaves a note that opens as another text', () => {
  const note = `${TEXT}\n${LINE}`;
  fc.assert(
    fc.property(fc.nat(note.length - 1), fc.string({ maxLength: 1 }), (at, other) => {
      const changed = note.slice(0, at) + other + note.slice(at + 1);
      fc.pre(changed !== note);
      expect(['malformed', 'unsigned', 'bad-signature']).toContain(
        fault(() => openNote(changed, [verifier])),
      );
    }),
    { numRuns: 1000 },
  );
});

describe('malformed', () => {
  test.each([
    ['nothing', ''],
    ['no signature', TEXT],
    ['no blank line', `${TEXT}${LINE}`],
    ['no newline at the end', `${TEXT}\n${LINE.trimEnd()}`],
    ['a hyphen for the dash', `${TEXT}\n${LINE.replace('—', '-')}`],
    ['two spaces', `${TEXT}\n${LINE.replace('— ', '—  ')}`],
    ['a word behind the signature', `${TEXT}\n${LINE.trimEnd()} x\n`],
    ['a signature of four bytes', `${TEXT}\n— PeterNeumann x08gow==\n`],
    ['base 64 with loose bits', `${TEXT}\n${LINE.replace('nAM=', 'nAN=')}`],
    ['base 64 without padding', `${TEXT}\n${LINE.replace('=\n', '\n')}`],
    ['a plus in the name', `${TEXT}\n${LINE.replace('PeterNeumann', 'Peter+Neumann')}`],
    ['a Unicode space in the name', `${TEXT}\n${LINE.replace('PeterNeumann', 'Peter Neumann')}`],
    ['a tab', `a\tb\n\n${LINE}`],
    ['a carriage return', `a\r\n\n${LINE}`],
    ['half a surrogate pair', `\ud800\n\n${LINE}`],
    ['too many signatures', `${TEXT}\n${LINE.repeat(101)}`],
    ['a megabyte', `${'x'.repeat(1_000_000)}\n\n${LINE}`],
  ])('is a note with %s', (_, note) => {
    expect(fault(() => parseNote(note))).toBe('malformed');
    expect(fault(() => openNote(note, [verifier]))).toBe('malformed');
  });

  test.each([['no newline at the end'], ['a tab\t\n'], ['\ud800\n'], ['']])(
    'is a text to sign: %j',
    async (text) => {
      await expect(signNote(text, [peter])).rejects.toThrow(NoteError);
    },
  );
});

test('100 signatures are not too many', () => {
  expect(parseNote(`${TEXT}\n${LINE.repeat(100)}`).signatures).toHaveLength(100);
});

test('a signer may take its time, and its failure is that of the note', async () => {
  const slow = noteSigner('slow', { ...signer, sign: async (message) => signer.sign(message) });
  expect(parseNote(await signNote(TEXT, [slow])).signatures).toHaveLength(1);
  const refusal = new Error('the key service is away');
  const broken = noteSigner('broken', { ...signer, sign: () => Promise.reject(refusal) });
  await expect(signNote(TEXT, [broken])).rejects.toBe(refusal);
});
