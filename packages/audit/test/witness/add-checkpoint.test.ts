import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { formatAddCheckpoint, parseAddCheckpoint, parseSize } from '../../src/witness/add-checkpoint.ts';

const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });

describe('a request to cosign', () => {
  it('is the old size, the proof and the checkpoint, a line each', () => {
    const proof = [Buffer.alloc(32, 1), Buffer.alloc(32, 2)];
    expect(formatAddCheckpoint({ oldSize: 7, proof, checkpoint: 'origin\n9\nroot\n\n— x y\n' })).toBe(
      `old 7\n${proof.map((each) => each.toString('base64')).join('\n')}\n\norigin\n9\nroot\n\n— x y\n`,
    );
  });

  it('is read as it was written', () => {
    fc.assert(
      fc.property(
        fc.maxSafeNat(),
        fc.array(hash, { maxLength: 63 }),
        fc.string(),
        (oldSize, proof, checkpoint) => {
          const read = parseAddCheckpoint(formatAddCheckpoint({ oldSize, proof, checkpoint }));
          expect(read).toMatchObject({ oldSize, checkpoint });
          expect(read?.proof.map((each) => new Uint8Array(each))).toEqual(proof);
        },
      ),
    );
  });

  it('is not read when it is anything else, and never throws', () => {
    fc.assert(
      fc.property(fc.string(), (body) => {
        const read = parseAddCheckpoint(body);
        if (read !== undefined) expect(body.startsWith(`old ${read.oldSize}\n`)).toBe(true);
      }),
    );
  });

  it.each(['', ' 1', '1 ', '01', '+1', '-1', '1e3', '0x1', '9007199254740992', '99999999999999999'])(
    'has no size %j',
    (text) => {
      expect(parseSize(text)).toBeUndefined();
    },
  );

  it.each([
    ['0', 0],
    ['1', 1],
    ['20852014', 20_852_014],
    ['9007199254740991', Number.MAX_SAFE_INTEGER],
  ])('has the size %j', (text, size) => {
    expect(parseSize(text)).toBe(size);
  });
});
