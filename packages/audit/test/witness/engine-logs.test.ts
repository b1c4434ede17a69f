import { expect, it } from 'vitest';
import { diskFiles } from '@holdfast/audit';
import { engineLogs } from '../../src/witness/engine-logs.ts';
import { openTestEngine } from '../log/rig.ts';

it('shows witnesses no tree that has no entries under a checkpoint yet', async () => {
  const seen: unknown[] = [];
  const engine = await openTestEngine({
    files: {
      ...diskFiles,
      async replace(...args) {
        seen.push(...engineLogs(engine).map((log) => log.head()?.size));
        await diskFiles.replace(...args);
      },
    },
  });
  await engine.append('a', Buffer.from('entry'));
  await engine.flush();
  expect(seen.length).toBeGreaterThan(2);
  expect(seen.every((size) => size === undefined)).toBe(true);
  expect(engineLogs(engine)[0]?.head()?.size).toBe(1);
});
