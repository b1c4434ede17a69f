import { expect, it } from 'vitest';
import { measureSize } from '../sizes.ts';

it('weighs what is bundled, minified and gzipped', async () => {
  const { gzipBytes, minifiedBytes } = await measureSize(
    'export const answer = 40 + 2; // not in the bundle',
  );
  expect(minifiedBytes).toBeLessThan(40);
  expect(gzipBytes).toBeGreaterThan(20);
});

it('refuses what browsers cannot load', async () => {
  await expect(measureSize("import 'node:fs';")).rejects.toThrow('node:fs');
});
