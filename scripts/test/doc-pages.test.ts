import { expect, it } from 'vitest';
import { brokenPaths, documentedCodes, errorCodes } from '../doc-pages.ts';
import { VIRTUAL_FILE, virtualProgram } from './virtual-program.ts';

it('reads the codes of exported error classes', () => {
  const program = virtualProgram(
    `export class A extends Error { readonly code = 'ERR_A'; }
     export abstract class B extends Error { abstract readonly code: string; }
     class C extends Error { readonly code = 'ERR_C'; }`,
  );
  expect([...errorCodes(program, [VIRTUAL_FILE])]).toEqual(['ERR_A']);
});

it('reads the codes of the catalogue', () => {
  expect([...documentedCodes('| `ERR_A` | and ERR_B, `other`')]).toEqual(['ERR_A']);
});

it('finds links to what does not exist', () => {
  expect(
    brokenPaths('docs/page.md', '[a](../package.json) [b](gone.md#x) [c](https://example.com) [d](#here)'),
  ).toEqual(['docs/gone.md']);
});

it('finds paths on the coverage page that do not exist', () => {
  const text = '`scripts/packages.ts:3` and `scripts/gone.ts`';
  expect(brokenPaths('docs/coverage.md', text)).toEqual(['scripts/gone.ts']);
  expect(brokenPaths('docs/page.md', text)).toEqual([]);
});
