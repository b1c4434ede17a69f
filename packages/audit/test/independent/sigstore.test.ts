import { createPublicKey } from 'node:crypto';
import { createRequire } from 'node:module';
import { describe, expect, it } from 'vitest';
import { inclusionProof, tileReader } from '@holdfast/audit';
import { buildLog, numbered } from '../log-fixture.ts';

/** What the verifier of sigstore bundles does with a transparency log entry; its package exports none of it. */
interface SigstoreMerkle {
  verifyMerkleInclusion(entry: unknown, checkpoint: unknown): void;
}
interface SigstoreCheckpoint {
  verifyCheckpoint(entry: unknown, logs: readonly unknown[]): { readonly logSize: bigint };
}

const require = createRequire(import.meta.url);

function load<T>(module: string): T | undefined {
  try {
    return require(module) as T;
  } catch {
    return undefined;
  }
}

const merkle = load<SigstoreMerkle>('@sigstore/verify/dist/tlog/merkle');
const notes = load<SigstoreCheckpoint>('@sigstore/verify/dist/tlog/checkpoint');
const installed = merkle !== undefined && notes !== undefined;
if (!installed) console.warn('skipped: @sigstore/verify is not installed');

async function entryOf(size: number, index: number) {
  const log = await buildLog({ entries: numbered(size) });
  const checkpoint = await log.checkpointAt(size);
  const hashes = await inclusionProof(tileReader(log.source, size), index, size);
  const entry = {
    canonicalizedBody: log.entries[index],
    inclusionProof: {
      logIndex: String(index),
      hashes: hashes.map((hash) => Buffer.from(hash)),
      checkpoint: { envelope: checkpoint },
    },
  };
  const [, id = '', ...material] = log.vkey.split('+');
  const publicKey = createPublicKey({
    key: Buffer.concat([
      Buffer.from('302a300506032b6570032100', 'hex'),
      Buffer.from(material.join('+'), 'base64').subarray(1),
    ]),
    format: 'der',
    type: 'spki',
  });
  const trusted = { logID: Buffer.from(id, 'hex'), publicKey, baseURL: `https://${log.origin}` };
  return { entry, trusted };
}

describe.skipIf(!installed)('the verifier of sigstore', () => {
  it.each([
    [1, 0],
    [2, 1],
    [3, 2],
    [255, 100],
    [256, 255],
    [257, 256],
    [700, 0],
    [700, 699],
    [66_000, 65_535],
  ])('accepts checkpoint and proof in a log of %i entries for entry %i', async (size, index) => {
    const { entry, trusted } = await entryOf(size, index);
    const checkpoint = notes?.verifyCheckpoint(entry, [trusted]);
    expect(checkpoint?.logSize).toBe(BigInt(size));
    expect(() => merkle?.verifyMerkleInclusion(entry, checkpoint)).not.toThrow();
  });

  it('refuses another entry, another place and another checkpoint', async () => {
    const { entry, trusted } = await entryOf(700, 300);
    const checkpoint = notes?.verifyCheckpoint(entry, [trusted]);
    const check = (other: object) => () => merkle?.verifyMerkleInclusion({ ...entry, ...other }, checkpoint);
    expect(check({ canonicalizedBody: Buffer.from('other') })).toThrow('root hash');
    expect(check({ inclusionProof: { ...entry.inclusionProof, logIndex: '301' } })).toThrow('root hash');
    const stranger = await entryOf(700, 300);
    expect(() => notes?.verifyCheckpoint(stranger.entry, [trusted])).toThrow('signature');
  });
});
