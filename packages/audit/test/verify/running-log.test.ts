import path from 'node:path';
import { describe, expect, it } from 'vitest';
import {
  diskFiles,
  type AuditFiles,
  directorySource,
  generateSigner,
  openEngine,
  proveEntry,
  checkProof,
  trustLog,
  verifyLog,
  vkeyOf,
} from '@holdfast/audit';
import { tempFolder } from '../witness/rig.ts';

describe('a log that is being written', () => {
  it('holds with each file that is put in place, from the first on', async () => {
    const signer = generateSigner();
    const dir = tempFolder();
    const policy = trustLog(vkeyOf('audit.example', signer));
    const source = directorySource(path.join(dir, 'logs/acme'));
    const sizes: number[] = [];
    const found: unknown[] = [];
    const files: AuditFiles = {
      ...diskFiles,
      async replace(...args) {
        await diskFiles.replace(...args);
        const { size, findings } = await verifyLog({ source, policy });
        sizes.push(size);
        found.push(...findings);
      },
    };
    const engine = await openEngine({
      dir,
      files,
      origin: 'audit.example',
      signer,
      ackTimeoutMs: Infinity,
    });
    await Promise.all(Array.from({ length: 600 }, () => engine.append('acme', Buffer.from('entry'))));
    await engine.close();
    expect(found).toEqual([]);
    expect([sizes[0], sizes.at(-1)]).toEqual([0, 600]);
  });

  it('is verified, proven and held against what was kept, at any moment', async () => {
    const signer = generateSigner();
    const options = { dir: tempFolder(), origin: 'audit.example', signer, ackTimeoutMs: Infinity };
    const engine = await openEngine({ ...options, checkpointEveryMs: 1, segmentBytes: 4_096 });
    const source = directorySource(engine.folderOf('acme'));
    const policy = trustLog(vkeyOf('audit.example', signer));
    let writing = true;
    const writer = (async () => {
      while (writing)
        await Promise.all(Array.from({ length: 7 }, () => engine.append('acme', Buffer.from('entry'))));
    })();
    await expect.poll(() => engine.checkpoint('acme')?.size ?? 0, { timeout: 60_000 }).toBeGreaterThan(0);
    const kept: string[] = [];
    for (let round = 0; round < 25; round++) {
      const { size = 0, note = '' } = engine.checkpoint('acme') ?? {};
      const report = await verifyLog({ source, policy, kept });
      expect(report.findings).toEqual([]);
      expect(report.size).toBeGreaterThanOrEqual(size);
      kept.push(note);
      const { entry, proof } = await proveEntry(source, size - 1);
      expect(checkProof(proof, entry ?? Buffer.of(), policy).index).toBe(size - 1);
    }
    writing = false;
    await writer;
    await engine.close();
  });
});
