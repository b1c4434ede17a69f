import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, expect, it } from 'vitest';
import { apiReport } from '../api-report.ts';
import { root } from '../packages.ts';

mkdirSync(path.join(root, '.cache'), { recursive: true });
const folder = mkdtempSync(path.join(root, '.cache', 'api-report-'));
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('records what is exported and what that is made of, without comments and private parts', async () => {
  mkdirSync(path.join(folder, 'dist'));
  const types = path.join(folder, 'dist', 'index.d.ts');
  writeFileSync(
    types,
    `interface Hidden { readonly size: number }
     interface Unused { readonly size: number }
     /** Shows. */
     declare class Shown { private secret: number; readonly size: Hidden; }
     declare const limit = 3;
     export { Shown, limit as maximum };`,
  );
  const entries = [{ specifier: '@holdfast/shown', source: '', types }];
  expect(await apiReport({ name: '@holdfast/shown', folder, entries, dependencies: [] }))
    .toBe(`// The public API of @holdfast/shown, written by \`npm run api\`. A change here is a change for users.

declare module '@holdfast/shown' {
  class Shown {
    readonly size: Hidden;
  }
  const limit = 3;
  // Not exported, but part of the types above.
  interface Hidden {
    readonly size: number;
  }
  export { Shown, limit as maximum };
}
`);
});
