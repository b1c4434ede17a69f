import { describe, expect, it } from 'vitest';
import { diskFiles, generateSigner, openEngine } from '@holdfast/audit';
import { settledSize } from '../../src/retention/settled-size.ts';
import { tempFolder } from '../witness/rig.ts';

describe('settledSize', () => {
  it('is nothing while all entries are in the write-ahead log, also for a tenant that nobody knows', async () => {
    const dir = tempFolder();
    const engine = await openEngine({ dir, origin: 'audit.example', signer: generateSigner() });
    await engine.append('acme', Buffer.from('entry'));
    await engine.flush();
    expect(await settledSize(dir, 'acme', diskFiles)).toBe(0);
    expect(await settledSize(dir, 'nobody', diskFiles)).toBe(0);
    await engine.close();
  });

  it('has no bound where there is no write-ahead log', async () => {
    expect(await settledSize(tempFolder(), 'acme', diskFiles)).toBe(Infinity);
  });
});
