import { spawnSync } from 'node:child_process';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { directorySource, generateSigner, openEngine, trustLog, verifyLog, vkeyOf } from '@holdfast/audit';
import { tempFolder } from '../witness/rig.ts';

const script = path.join(import.meta.dirname, 'verify_tlog.py');
const present = ['python3', 'openssl'].every(
  (program) => spawnSync(program, ['version']).error === undefined,
);
if (!present) console.warn('skipped: python3 or openssl is not installed');

describe('what the engine writes', () => {
  it('holds for our verifier and, where there is one, for that in Python, at every size on the way', async () => {
    const signer = generateSigner();
    const engine = await openEngine({ dir: tempFolder(), origin: 'audit.example/prod', signer });
    const kept: string[] = [];
    for (const size of [1, 2, 255, 256, 257, 512, 700]) {
      while (engine.size('Acme & Söhne') < size)
        await engine.append('Acme & Söhne', Buffer.from(`entry ${engine.size('Acme & Söhne')}`));
      await engine.flush();
      const source = directorySource(engine.folderOf('Acme & Söhne'));
      const vkey = vkeyOf(engine.originOf('Acme & Söhne'), signer);
      expect(await verifyLog({ source, policy: trustLog(vkey), kept })).toMatchObject({
        ok: true,
        findings: [],
        size,
      });
      kept.push(engine.checkpoint('Acme & Söhne')?.note ?? '');
      if (!present) continue;
      const { stdout } = spawnSync('python3', ['-B', script, 'log', engine.folderOf('Acme & Söhne'), vkey], {
        encoding: 'utf8',
      });
      expect(stdout).toBe(`ok: ${size} entries, ${size} read\n`);
    }
    await engine.close();
  });
});
