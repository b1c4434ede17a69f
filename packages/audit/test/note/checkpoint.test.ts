import { formatCheckpoint, NoteError, parseCheckpoint } from '@holdfast/audit';
import fc from 'fast-check';
import { expect, test } from 'vitest';

const ROOT = 'CsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxq2I=';
const TEXT = `example.com/behind-the-sofa\n20852163\n${ROOT}\n`;

test('the example of the specification is read', () => {
  expect(parseCheckpoint(TEXT)).toEqual({
    origin: 'example.com/behind-the-sofa',
    size: 20_852_163,
    root: Buffer.from(ROOT, 'base64'),
    extensions: [],
  });
});

test('lines that follow are told, and never written', () => {
  const checkpoint = parseCheckpoint(`${TEXT}one\ntwo\n`);
  expect(checkpoint.extensions).toEqual(['one', 'two']);
  expect(formatCheckpoint(checkpoint)).toBe(TEXT);
});

test('what is written is read', () => {
  fc.assert(
    fc.property(fc.maxSafeNat(), fc.uint8Array({ minLength: 32, maxLength: 32 }), (size, root) => {
      const text = formatCheckpoint({ origin: 'a/b', size, root });
      expect(parseCheckpoint(text)).toEqual({ origin: 'a/b', size, root: Buffer.from(root), extensions: [] });
    }),
  );
});

test.each([
  ['no origin', `\n1\n${ROOT}\n`],
  ['no newline at the end', TEXT.slice(0, -1)],
  ['a leading zero', `a\n01\n${ROOT}\n`],
  ['a sign', `a\n+1\n${ROOT}\n`],
  ['a size that is no number', `a\n1e3\n${ROOT}\n`],
  ['a size beyond 2^53', `a\n9007199254740992\n${ROOT}\n`],
  ['no size', `a\n\n${ROOT}\n`],
  ['a short root', `a\n1\nCsUYapGGPo4dkMgIAUqom/Xajj7h2fB2MPA3j2jxqw==\n`],
  ['a root with loose bits', `a\n1\n${ROOT.replace('q2I=', 'q2J=')}\n`],
  ['an empty line', `${TEXT}\n`],
  ['an empty line among others', `${TEXT}\none\n`],
  ['nothing', ''],
])('a checkpoint with %s is refused', (_, text) => {
  expect(() => parseCheckpoint(text)).toThrow(NoteError);
});
