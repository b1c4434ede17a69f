import path from 'node:path';
import ts from 'typescript';
import { root } from './packages.ts';

/** The compiler options of the repository's tsconfig.json. */
export function compilerOptions(): ts.CompilerOptions {
  const file = path.join(root, 'tsconfig.json');
  const { config } = ts.readConfigFile(file, (name) => ts.sys.readFile(name)) as { config: unknown };
  return ts.parseJsonConfigFileContent(config, ts.sys, root).options;
}

/** A program over some files, with the options of the repository. */
export function createProgram(files: readonly string[]): ts.Program {
  return ts.createProgram(files, compilerOptions());
}

/** What a module exports, aliases followed, in the order of their names. */
export function exportsOf(checker: ts.TypeChecker, file: ts.SourceFile): readonly ExportedSymbol[] {
  const module = checker.getSymbolAtLocation(file);
  if (module === undefined) return [];
  return checker
    .getExportsOfModule(module)
    .map((symbol) => ({ name: symbol.name, symbol: followAlias(checker, symbol) }))
    .sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** An export under the name that users see. */
export interface ExportedSymbol {
  readonly name: string;
  readonly symbol: ts.Symbol;
}

/** The symbol that an import or re-export stands for. */
export function followAlias(checker: ts.TypeChecker, symbol: ts.Symbol): ts.Symbol {
  return symbol.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(symbol) : symbol;
}

/** Where something stands, as `packages/retry/src/retry.ts:12`. */
export function placeOf(node: ts.Node): string {
  const file = node.getSourceFile();
  const { line } = file.getLineAndCharacterOfPosition(node.getStart(file));
  return `${path.relative(root, file.fileName)}:${line + 1}`;
}
