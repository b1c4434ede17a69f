import { describe, expect, it } from 'vitest';
import { docCoverage } from '../doc-coverage.ts';
import { VIRTUAL_FILE, virtualProgram } from './virtual-program.ts';

const gaps = (text: string) =>
  docCoverage(virtualProgram(text), [VIRTUAL_FILE]).missing.map((each) => each.replace(/^\S+ /, ''));

const documented = '/**\n * What it is.\n *\n * @example\n * ```ts\n * f();\n * ```\n */\n';

describe('doc coverage', () => {
  it('wants a sentence on every export', () => {
    expect(gaps('export type Open = 1;')).toEqual(['Open: no sentence that says what it is']);
    expect(gaps('/** What it is. */\nexport type Open = 1;')).toEqual([]);
  });

  it('wants every option documented, inherited ones included', () => {
    const base = 'interface Base { readonly a: number; }';
    expect(
      gaps(`${base}\n/** Options. */\nexport interface FOptions extends Base { readonly b: number; }`),
    ).toEqual(['FOptions.b: not documented', 'FOptions.a: not documented']);
    expect(
      gaps('/** Options. */\nexport interface FOptions {\n/** How many. */\nreadonly b: number; }'),
    ).toEqual([]);
  });

  it('wants an example on functions and classes only', () => {
    expect(gaps('/** It. */\nexport function f() {}')).toEqual(['f: no @example']);
    expect(gaps('/** It. */\nexport const f = () => {};')).toEqual(['f: no @example']);
    expect(gaps('/** It. */\nexport class F {}')).toEqual(['F: no @example']);
    expect(gaps('/** It. */\nexport const limit = 3;')).toEqual([]);
    expect(gaps(`${documented}export function f() {}`)).toEqual([]);
  });

  it('wants @throws where something is thrown, directly or by what is called', () => {
    const complaint = ['f: throws, but has no @throws'];
    expect(gaps(`${documented}export function f() { throw new Error(); }`)).toEqual(complaint);
    expect(gaps(`${documented}export function f() { g(); }\nfunction g() { throw new Error(); }`)).toEqual(
      complaint,
    );
    expect(gaps(`${documented}export class f { constructor() { throw new Error(); } }`)).toEqual(complaint);
    expect(gaps(`${documented}export const f = () => g();\nconst g = () => { throw new Error(); };`)).toEqual(
      complaint,
    );
  });

  it('finds @throws on the constructor of a class', () => {
    expect(
      gaps(`${documented}export class f {\n/** @throws always */\nconstructor() { throw new Error(); } }`),
    ).toEqual([]);
  });

  it('does not want @throws where it is caught or left to a callback', () => {
    expect(gaps(`${documented}export function f() { try { throw new Error(); } catch {} }`)).toEqual([]);
    expect(gaps(`${documented}export function f() { return () => { throw new Error(); }; }`)).toEqual([]);
  });
});
