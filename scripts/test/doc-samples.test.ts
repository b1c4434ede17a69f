import { describe, expect, it } from 'vitest';
import { compileSamples, examplesOf, samplesOf } from '../doc-samples.ts';

const fence = (code: string, flags = '') => `Text.\n\n\`\`\`ts${flags}\n${code}\n\`\`\`\n`;
const scope = new Map([['join', 'node:path']]);
const errors = (...fences: string[]) => compileSamples(samplesOf('docs/page.md', fences.join('\n')), scope);

describe('doc samples', () => {
  it('names the page and the line of an error', () => {
    expect(errors(fence('const one: number = 1;'))).toEqual([]);
    expect(errors(fence('\nconst one: number = "1";'))).toEqual([
      "docs/page.md:5 Type 'string' is not assignable to type 'number'.",
    ]);
  });

  it('sees the exports of the packages and earlier fences of the page', () => {
    expect(errors(fence('const folder = join("a", "b");'), fence('folder.length;'))).toEqual([]);
    expect(errors(fence('folder.length;'))).toEqual(["docs/page.md:4 Cannot find name 'folder'."]);
  });

  it('leaves out fences that say no-check and other languages', () => {
    expect(samplesOf('docs/page.md', fence('x', ' no-check') + '```sh\nls\n```\n')).toEqual([]);
  });

  it('finds fences in lists and in doc comments', () => {
    expect(samplesOf('docs/page.md', '- a\n\n  ```ts\n  x;\n  ```\n')).toEqual([
      { page: 'docs/page.md', line: 4, code: 'x;\n' },
    ]);
    expect(examplesOf('src/x.ts', 'x;\n/**\n * X.\n *\n * ```ts\n * x;\n * ```\n */\n')).toEqual([
      { page: 'src/x.ts', line: 6, code: 'x;\n' },
    ]);
  });
});
