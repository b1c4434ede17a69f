import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkProof,
  cosigner,
  formatProof,
  generateSigner,
  inclusionProof,
  NoteError,
  parsePolicy,
  parseProof,
  ProofError,
  tileReader,
  trustLog,
  witnessVkeyOf,
} from '@holdfast/audit';
import { buildLog, numbered, type LogFixture } from '../log-fixture.ts';

async function proofOf(log: LogFixture, index: number, checkpoint?: string): Promise<string> {
  const size = log.entries.length;
  const hashes = await inclusionProof(tileReader(log.source, size), index, size);
  return formatProof({ index, hashes, checkpoint: checkpoint ?? (await log.checkpointAt(size)) });
}

const entryOf = (log: LogFixture, index: number) => log.entries[index] ?? Buffer.of();

describe('a proof file', () => {
  it('begins with its version, then the index, the hashes and the checkpoint as it is', async () => {
    const log = await buildLog({ entries: numbered(3) });
    const lines = (await proofOf(log, 2)).split('\n');
    expect(lines.slice(0, 2)).toEqual(['c2sp.org/tlog-proof@v1', 'index 2']);
    expect(lines[2]).toHaveLength(44);
    expect(lines[3]).toBe('');
    expect(lines.slice(4).join('\n')).toBe(await log.checkpointAt(3));
  });

  it('is read back as it was written', () => {
    const hash = fc.uint8Array({ minLength: 32, maxLength: 32 });
    const shape = fc.record({
      index: fc.maxSafeNat(),
      hashes: fc.array(hash, { maxLength: 63 }),
      checkpoint: fc.constant('origin\n1\nroot\n\n— name c2ln\n'),
    });
    fc.assert(
      fc.property(shape, fc.option(fc.uint8Array()), (proof, extra) => {
        const whole = extra === null ? proof : { ...proof, extra };
        const read = parseProof(formatProof(whole));
        expect({ ...read, hashes: read.hashes.map((each) => new Uint8Array(each)) }).toMatchObject({
          ...proof,
        });
        expect(read.extra && new Uint8Array(read.extra)).toEqual(extra ?? undefined);
      }),
    );
  });

  it.each([
    ['', 'has no checkpoint'],
    ['c2sp.org/tlog-proof@v2\nindex 0\n\nx', 'does not begin with'],
    ['c2sp.org/tlog-proof@v1\n\nx', 'has no index'],
    ['c2sp.org/tlog-proof@v1\nindex\n\nx', 'has no index'],
    ['c2sp.org/tlog-proof@v1\nindex 01\n\nx', 'has no index'],
    ['c2sp.org/tlog-proof@v1\nindex -1\n\nx', 'has no index'],
    ['c2sp.org/tlog-proof@v1\nindex 9999999999999999\n\nx', 'has no index'],
    ['c2sp.org/tlog-proof@v1\nextra !\nindex 0\n\nx', 'extra data that is not base64'],
    ['c2sp.org/tlog-proof@v1\nindex 0\nAAAA\n\nx', 'has a line that is no hash: number 1'],
    ['c2sp.org/tlog-proof@v1\nindex 0\nextra AAAA\n\nx', 'has a line that is no hash: number 1'],
    [`c2sp.org/tlog-proof@v1\nindex 0\n${`${'A'.repeat(43)}=\n`.repeat(64)}\nx`, 'more than 63 hashes'],
  ])('is refused when it is %j', (text, message) => {
    expect(() => parseProof(text)).toThrow(message);
    expect(() => parseProof(text)).toThrow(ProofError);
  });
});

describe('checkProof', () => {
  it.each([1, 2, 3, 255, 256, 257, 700])('accepts every proof of a log of %i entries', async (size) => {
    const log = await buildLog({ entries: numbered(size) });
    for (const index of new Set([0, 1, Math.floor(size / 2), size - 2, size - 1])) {
      if (index < 0 || index >= size) continue;
      const checked = checkProof(await proofOf(log, index), entryOf(log, index), trustLog(log.vkey));
      expect(checked).toMatchObject({ index, size, origin: log.origin, witnessed: true });
    }
  });

  it('refuses another entry, another place and a changed hash', async () => {
    const log = await buildLog({ entries: numbered(700) });
    const proof = await proofOf(log, 300);
    const policy = trustLog(log.vkey);
    const fault = (text: string, entry: Uint8Array) => {
      try {
        checkProof(text, entry, policy);
      } catch (error) {
        if (error instanceof ProofError || error instanceof NoteError) return error.fault;
        throw error;
      }
      return undefined;
    };
    expect(fault(proof, entryOf(log, 301))).toBe('not-in-log');
    expect(fault(proof.replace('index 300', 'index 301'), entryOf(log, 300))).toBe('not-in-log');
    expect(fault(proof.replace('index 300', 'index 700'), entryOf(log, 300))).toBe('not-in-log');
    expect(fault(proof.replace('\n700\n', '\n699\n'), entryOf(log, 300))).toBe('bad-signature');
    fc.assert(
      fc.property(
        fc.nat({ max: proof.length - 1 }),
        fc.constantFrom('A', 'B', '7', '\n', ' '),
        (at, char) => {
          const forged = proof.slice(0, at) + char + proof.slice(at + 1);
          if (forged !== proof) expect(fault(forged, entryOf(log, 300))).toBeDefined();
        },
      ),
    );
  });

  it('refuses the proof of a log that is not trusted', async () => {
    const log = await buildLog();
    const { vkey } = await buildLog();
    const proof = await proofOf(log, 3);
    expect(() => checkProof(proof, entryOf(log, 3), trustLog(vkey))).toThrow('no known key');
  });

  it('asks for the witnesses of the policy', async () => {
    const log = await buildLog({ entries: numbered(10) });
    const witness = generateSigner();
    const policy = parsePolicy(
      `log ${log.vkey}\nwitness w1 ${witnessVkeyOf('w.example', witness)}\nquorum w1\n`,
    );
    const bare = await proofOf(log, 3);
    expect(() => checkProof(bare, entryOf(log, 3), policy)).toThrow(
      'cosigned by no witness: no quorum of the policy',
    );
    const cosigned = await proofOf(log, 3, await log.checkpointAt(10, [cosigner('w.example', witness)]));
    expect(checkProof(cosigned, entryOf(log, 3), policy).cosigned).toMatchObject([{ name: 'w1' }]);
  });
});
