import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  checkProof,
  cosigner,
  generateSigner,
  parsePolicy,
  parseProof,
  proveEntry,
  trustLog,
  witnessVkeyOf,
} from '@holdfast/audit';
import { addPartials, buildLog, copyOf, numbered } from '../log-fixture.ts';

describe('proveEntry', () => {
  it('proves every entry of a log of any size', async () => {
    const logs = new Map(
      await Promise.all(
        [1, 2, 3, 255, 256, 257, 511, 512, 700].map(
          async (size) => [size, await buildLog({ entries: numbered(size) })] as const,
        ),
      ),
    );
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...logs),
        fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true }),
        async ([size, log], where) => {
          const index = Math.floor(where * size);
          const { entry, proof } = await proveEntry(log.source, index);
          expect(entry && Buffer.from(entry)).toEqual(log.entries[index]);
          expect(checkProof(proof, entry ?? Buffer.of(), trustLog(log.vkey))).toMatchObject({ index, size });
        },
      ),
    );
  });

  it('takes the checkpoint that witnesses cosigned, where that covers the entry', async () => {
    const log = await buildLog({ entries: numbered(600) });
    const witness = generateSigner();
    await addPartials(log, 300);
    log.files.set(
      'checkpoint.witnessed',
      Buffer.from(await log.checkpointAt(300, [cosigner('w.example', witness)])),
    );
    const policy = parsePolicy(
      `log ${log.vkey}\nwitness w ${witnessVkeyOf('w.example', witness)}\nquorum w\n`,
    );
    for (const index of [0, 299]) {
      const { entry, proof } = await proveEntry(log.source, index);
      expect(checkProof(proof, entry ?? Buffer.of(), policy)).toMatchObject({
        size: 300,
        cosigned: [{ name: 'w' }],
      });
    }
    const { proof } = await proveEntry(log.source, 300);
    expect(parseProof(proof).checkpoint).toContain('\n600\n');
  });

  it('proves an entry that was pruned, to whoever has its bytes', async () => {
    const whole = await buildLog({ entries: numbered(600) });
    const log = copyOf(whole);
    log.files.delete('tile/entries/000');
    const { entry, proof } = await proveEntry(log.source, 5);
    expect(entry).toBeUndefined();
    expect(checkProof(proof, whole.entries[5] ?? Buffer.of(), trustLog(log.vkey)).index).toBe(5);
  });

  it('fails where the hashes are gone as well', async () => {
    const log = copyOf(await buildLog({ entries: numbered(600) }));
    log.files.delete('tile/0/000');
    await expect(proveEntry(log.source, 5)).rejects.toMatchObject({
      code: 'ERR_AUDIT_TILE',
      file: 'tile/0/000',
    });
  });

  it('makes no proof that does not hold', async () => {
    const log = copyOf(await buildLog({ entries: numbered(600) }));
    const bundle = Buffer.from(log.files.get('tile/entries/000') ?? '');
    bundle.writeUInt8((bundle[10] ?? 0) ^ 1, 10);
    log.files.set('tile/entries/000', bundle);
    await expect(proveEntry(log.source, 0)).rejects.toMatchObject({
      code: 'ERR_AUDIT_PROOF',
      fault: 'not-in-log',
    });
    await expect(proveEntry(log.source, 1)).resolves.toBeDefined();
  });

  it('says so when there is no such entry yet', async () => {
    const log = await buildLog({ entries: numbered(3) });
    await expect(proveEntry(log.source, 3)).rejects.toThrow('no checkpoint covers entry 3 yet');
    await expect(proveEntry({ read: async () => undefined }, 0)).rejects.toThrow(
      'no checkpoint covers entry 0 yet',
    );
    await expect(proveEntry(log.source, -1)).rejects.toThrow(
      'proveEntry: index must be an integer >= 0, got -1',
    );
    await expect(proveEntry(log.source, 0.5)).rejects.toThrow(RangeError);
  });
});
