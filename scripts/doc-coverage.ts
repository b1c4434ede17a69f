/**
 * Every export of every package says what it is; every option says what it means; what throws says when; every
 * function and class shows an example.
 */
import ts from 'typescript';
import { publishedPackages, root } from './packages.ts';
import { createProgram, exportsOf, placeOf } from './program.ts';
import { createThrowFinder } from './throws.ts';

/** What is missing where, and how much was looked at. */
export interface DocCoverage {
  readonly missing: readonly string[];
  readonly exports: number;
  readonly options: number;
  readonly examples: number;
}

/** Checks the documentation of what the given source files export. */
export function docCoverage(program: ts.Program, entries: readonly string[]): DocCoverage {
  const checker = program.getTypeChecker();
  const mayThrow = createThrowFinder(checker);
  const missing: string[] = [];
  const seen = new Set<ts.Symbol>();
  const count = { exports: 0, options: 0, examples: 0 };

  const check = (name: string, symbol: ts.Symbol): void => {
    const declaration = symbol.declarations?.[0];
    if (declaration === undefined || seen.has(symbol) || !isOurs(declaration)) return;
    seen.add(symbol);
    count.exports++;
    const report = (what: string) => missing.push(`${placeOf(declaration)} ${name}: ${what}`);
    if (!hasText(checker, symbol)) report('no sentence that says what it is');
    if (name.endsWith('Options')) checkOptions(symbol, name);
    if (isCallable(checker, symbol, declaration)) {
      count.examples++;
      if (!hasTag(symbol, 'example')) report('no @example');
    }
    if (mayThrow(symbol) && !hasTag(symbol, 'throws') && !constructorHasTag(declaration, 'throws'))
      report('throws, but has no @throws');
  };

  const checkOptions = (symbol: ts.Symbol, name: string): void => {
    for (const property of checker.getDeclaredTypeOfSymbol(symbol).getProperties()) {
      const declaration = property.declarations?.[0];
      if (declaration === undefined || seen.has(property) || !isOurs(declaration)) continue;
      seen.add(property);
      count.options++;
      if (!hasText(checker, property))
        missing.push(`${placeOf(declaration)} ${name}.${property.name}: not documented`);
    }
  };

  for (const entry of entries) {
    const file = program.getSourceFile(entry);
    if (file === undefined) throw new Error(`${entry} is missing`);
    for (const { name, symbol } of exportsOf(checker, file)) check(name, symbol);
  }
  return { missing, ...count };
}

function isOurs(node: ts.Node): boolean {
  const { fileName } = node.getSourceFile();
  return fileName.startsWith(root) && !fileName.includes('/node_modules/');
}

function hasText(checker: ts.TypeChecker, symbol: ts.Symbol): boolean {
  return ts.displayPartsToString(symbol.getDocumentationComment(checker)).trim() !== '';
}

function hasTag(symbol: ts.Symbol, name: string): boolean {
  return symbol.getJsDocTags().some((tag) => tag.name === name);
}

function constructorHasTag(declaration: ts.Declaration, name: string): boolean {
  if (!ts.isClassDeclaration(declaration)) return false;
  return declaration.members.filter(ts.isConstructorDeclaration).some((each) => hasTagAt(each, name));
}

function hasTagAt(node: ts.Node, name: string): boolean {
  return ts.getJSDocTags(node).some((tag) => tag.tagName.text === name);
}

function isCallable(checker: ts.TypeChecker, symbol: ts.Symbol, declaration: ts.Declaration): boolean {
  if (!(symbol.flags & ts.SymbolFlags.Value)) return false;
  if (symbol.flags & (ts.SymbolFlags.Function | ts.SymbolFlags.Class)) return true;
  return checker.getTypeOfSymbolAtLocation(symbol, declaration).getCallSignatures().length > 0;
}

if (import.meta.main) {
  const entries = publishedPackages().flatMap((pkg) => pkg.entries.map((entry) => entry.source));
  const { missing, exports, options, examples } = docCoverage(createProgram(entries), entries);
  for (const each of missing) console.log(each);
  console.log(
    `${exports} exports, ${options} options, ${examples} functions and classes looked at; ${missing.length} gaps`,
  );
  process.exitCode = missing.length > 0 ? 1 : 0;
}
