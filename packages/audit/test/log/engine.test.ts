import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { generateSigner, openEngine } from '@holdfast/audit';
import { expect, onTestFinished, test } from 'vitest';

const signer = generateSigner();

test('an entry is there after the log is opened again', async () => {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const engine = await openEngine({ dir, origin: 'audit.example/test', signer });
  expect(await engine.append('acme', Buffer.from('one'))).toMatchObject({ tenant: 'acme', index: 0 });
  await engine.close();
  const again = await openEngine({ dir, origin: 'audit.example/test', signer });
  expect(again.size('acme')).toBe(1);
  await again.close();
});
