import { ESLint } from 'eslint';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { root } from '../packages.ts';

const eslint = new ESLint({ cwd: root });

/** The rules that a text breaks where it stands; with types, so the file must exist. */
async function broken(
  text: string,
  file = 'packages/retry/src/index.ts',
): Promise<readonly (string | null)[]> {
  const [result] = await eslint.lintText(text, { filePath: path.join(root, file) });
  return (result?.messages ?? []).map((message) => message.ruleId);
}

const long = (lines: number) => 'export const x = 1;\n'.repeat(lines);

describe('the linter of the house', () => {
  it.each([
    ['a floating promise', 'void 0; Promise.resolve();', '@typescript-eslint/no-floating-promises'],
    ['a default export', 'export default 1;', 'no-restricted-syntax'],
    ['export *', "export * from './retry.ts';", 'no-restricted-syntax'],
    ['an enum', 'export enum State { open }', 'no-restricted-syntax'],
    ['a namespace', 'export namespace State { export const open = 1; }', 'no-restricted-syntax'],
    ['any', 'export const x: any = 1;', '@typescript-eslint/no-explicit-any'],
    [
      'a non-null assertion',
      'export const f = (x?: string) => x!.length;',
      '@typescript-eslint/no-non-null-assertion',
    ],
    ['Date.now', 'export const x = Date.now();', 'no-restricted-properties'],
    ['new Date()', 'export const x = new Date();', 'no-restricted-syntax'],
    ['performance', 'export const x = performance.now();', 'no-restricted-globals'],
    ['setTimeout', 'setTimeout(() => {}, 1);', 'no-restricted-globals'],
    ['globalThis.setInterval', 'globalThis.setInterval(() => {}, 1);', 'no-restricted-globals'],
    ['clearTimeout', 'clearTimeout(undefined);', 'no-restricted-globals'],
    ['Math.random', 'export const x = Math.random();', 'no-restricted-properties'],
    ['AbortSignal.timeout', 'export const x = AbortSignal.timeout(1);', 'no-restricted-properties'],
    ['a strategy of the same floor', "import '@holdfast/timeout';", 'house/imports'],
    ['an observer', "import '@holdfast/metrics';", 'house/imports'],
    ['a higher floor', "import '@holdfast/http';", 'house/imports'],
    ['itself by name', "import '@holdfast/retry';", 'house/imports'],
    ['Node in a portable package', "import 'node:fs';", 'house/imports'],
    ['an undeclared dependency', "import 'vitest';", 'house/imports'],
    ['a file of another package', "import '../../timeout/src/index.ts';", 'house/imports'],
    ['the examples', "import '../../../examples/quickstart/src/main.ts';", 'house/imports'],
    ['a file without its extension', "import './retry.js';", 'house/imports'],
    ['an import that loads at run time', "export const x = import('@holdfast/timeout');", 'house/imports'],
    ['more than 300 lines', long(301), 'max-lines'],
    [
      'a function of more than 60 lines',
      `export function f() {\n${'f();\n'.repeat(60)}}`,
      'max-lines-per-function',
    ],
  ])('refuses %s', async (_what, code, rule) => {
    expect(await broken(code)).toContain(rule);
  });

  it.each([
    ['time in clock.ts', 'export const now = () => Date.now();', 'packages/pipeline/src/clock.ts'],
    ['Node in a /node entry', "import 'node:async_hooks';", 'packages/pipeline/src/node.ts'],
    ['a declared dependency', "import 'p-retry';", 'packages/retry/src/index.ts'],
    ['a lower floor', "import '@holdfast/pipeline';", 'packages/retry/src/index.ts'],
    ['dates that are given', 'export const x = (at: number) => new Date(at);', 'packages/retry/src/index.ts'],
  ])('allows %s', async (_what, code, file) => {
    expect(await broken(code, file)).toEqual([]);
  });

  it('refuses a platform file where everything must run everywhere', async () => {
    expect(await broken("import './node.ts';", 'packages/pipeline/src/index.ts')).toContain('house/imports');
  });
});
