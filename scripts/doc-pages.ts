/**
 * Every `code` of the packages' errors stands in the catalogue for users, and the catalogue names no others. What the
 * pages link to and what the coverage page names exists.
 */
import { existsSync, globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { publishedPackages, root } from './packages.ts';
import { createProgram, exportsOf } from './program.ts';

const CATALOGUE = 'docs/reference/errors.md';
const COVERAGE = 'docs/coverage.md';

/** The literal codes of the error classes that the given files export. */
export function errorCodes(program: ts.Program, entries: readonly string[]): ReadonlySet<string> {
  const checker = program.getTypeChecker();
  const codes = new Set<string>();
  for (const entry of entries) {
    const file = program.getSourceFile(entry);
    if (file === undefined) throw new Error(`${entry} is missing`);
    for (const { symbol } of exportsOf(checker, file)) {
      if (!(symbol.flags & ts.SymbolFlags.Class)) continue;
      const code = checker.getDeclaredTypeOfSymbol(symbol).getProperty('code');
      const type = code && checker.getTypeOfSymbol(code);
      for (const each of type?.isUnion() ? type.types : type ? [type] : []) {
        if (each.isStringLiteral()) codes.add(each.value);
      }
    }
  }
  return codes;
}

/** The codes that a page names, as `ERR_SOMETHING`. */
export function documentedCodes(page: string): ReadonlySet<string> {
  return new Set([...page.matchAll(/`(ERR_[A-Z0-9_]+)`/g)].map(([, code = '']) => code));
}

/** What a page links to or, on the coverage page, names in backticks as a path, and what does not exist. */
export function brokenPaths(page: string, text: string): readonly string[] {
  const prose = text.replaceAll(/^```[\s\S]*?^```/gm, '');
  const links = [...prose.matchAll(/\]\(([^)\s#]+)(?:#[^)\s]*)?\)/g)].map(([, link = '']) => link);
  const files = links
    .filter((link) => !/^[a-z]+:/.test(link))
    .map((link) => path.join(path.dirname(page), link));
  const named = [...prose.matchAll(/`((?:packages|examples|benchmarks|docs|scripts|compat)\/[^`\s*]+)`/g)];
  const paths = [...files, ...(page === COVERAGE ? named.map(([, name = '']) => name) : [])];
  return paths.filter((name) => !existsSync(path.join(root, name.replace(/:\d+$/, ''))));
}

function checkCatalogue(): readonly string[] {
  const entries = publishedPackages().flatMap((pkg) => pkg.entries.map((entry) => entry.source));
  const inCode = errorCodes(createProgram(entries), entries);
  const file = path.join(root, CATALOGUE);
  const onPage = documentedCodes(existsSync(file) ? readFileSync(file, 'utf8') : '');
  return [
    ...[...inCode].filter((code) => !onPage.has(code)).map((code) => `${CATALOGUE} does not name ${code}`),
    ...[...onPage]
      .filter((code) => !inCode.has(code))
      .map((code) => `${CATALOGUE} names ${code}, which no error has`),
  ];
}

if (import.meta.main) {
  const pages = globSync(
    ['*.md', '.changeset/*.md', 'docs/**/*.md', '{packages,examples}/*/*.md', 'benchmarks/**/*.md'],
    {
      cwd: root,
      exclude: ['**/node_modules/**'],
    },
  );
  const broken = pages.flatMap((page) =>
    brokenPaths(page, readFileSync(path.join(root, page), 'utf8')).map(
      (name) => `${page} points to ${name}: not there`,
    ),
  );
  const problems = [...checkCatalogue(), ...broken];
  for (const each of problems) console.log(each);
  console.log(`${pages.length} pages looked at; ${problems.length} problems`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
