/**
 * Records the public API of each package in its api.d.ts, from the declarations that are shipped, so that a review
 * sees every change. `npm run api` writes the reports, `npm run check -- build api` compares them.
 */
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { format, resolveConfig } from 'prettier';
import ts from 'typescript';
import { type PublishedPackage, publishedPackages, root } from './packages.ts';
import { createProgram, type ExportedSymbol, exportsOf, followAlias } from './program.ts';

const printer = ts.createPrinter({ removeComments: true });

/** The report of one package: one `declare module` per entry, exports in the order of their names. */
export async function apiReport(pkg: PublishedPackage): Promise<string> {
  const program = createProgram(pkg.entries.map((entry) => entry.types));
  const sections = pkg.entries.map(({ specifier, types }) => {
    const file = program.getSourceFile(types);
    if (file === undefined) throw new Error(`${types} is missing; build first`);
    return `declare module '${specifier}' {\n${section(program, pkg, file)}\n}\n`;
  });
  const heading = `// The public API of ${pkg.name}, written by \`npm run api\`. A change here is a change for users.\n\n`;
  const config = await resolveConfig(path.join(root, 'package.json'));
  return format(heading + sections.join('\n'), { ...config, parser: 'typescript' });
}

function section(program: ts.Program, pkg: PublishedPackage, file: ts.SourceFile): string {
  const checker = program.getTypeChecker();
  const exported = exportsOf(checker, file);
  const own = exported.filter(({ symbol }) => isOwn(pkg, symbol));
  const foreign = exported.filter(({ symbol }) => !isOwn(pkg, symbol));
  const hidden = reachable(checker, pkg, own);
  return [
    ...foreign.map(({ name, symbol }) => `export { ${name} }; // from ${fromRoot(origin(symbol))}`),
    ...own.map(({ symbol }) => `${print(symbol)}`),
    ...(hidden.length > 0 ? ['// Not exported, but part of the types above.'] : []),
    ...hidden.map(({ symbol }) => print(symbol)),
    `export { ${own.map(({ name, symbol }) => (name === symbol.name ? name : `${symbol.name} as ${name}`)).join(', ')} };`,
  ].join('\n');
}

/** Declarations of the package that its exports mention without exporting them. */
function reachable(
  checker: ts.TypeChecker,
  pkg: PublishedPackage,
  exported: readonly ExportedSymbol[],
): readonly ExportedSymbol[] {
  const seen = new Set(exported.map(({ symbol }) => symbol));
  const found: ExportedSymbol[] = [];
  const visit = (node: ts.Node): void => {
    const symbol = ts.isIdentifier(node) ? checker.getSymbolAtLocation(node) : undefined;
    const target = symbol && followAlias(checker, symbol);
    if (target && !seen.has(target) && isOwn(pkg, target) && isTopLevel(target)) {
      seen.add(target);
      found.push({ name: target.name, symbol: target });
      target.declarations?.forEach(visit);
    }
    if (!isPrivate(node)) ts.forEachChild(node, visit);
  };
  for (const { symbol } of exported) symbol.declarations?.forEach(visit);
  return found.sort((a, b) => (a.name < b.name ? -1 : 1));
}

function print(symbol: ts.Symbol): string {
  return (symbol.declarations ?? [])
    .map((declaration) =>
      printer.printNode(
        ts.EmitHint.Unspecified,
        publicPart(statement(declaration)),
        declaration.getSourceFile(),
      ),
    )
    .map((text) => text.replace(/^export /, '').replace(/^declare /, ''))
    .join('\n');
}

/** A variable is declared inside a list inside a statement; everything else is its own statement. */
function statement(declaration: ts.Declaration): ts.Node {
  return ts.isVariableDeclaration(declaration) ? declaration.parent.parent : declaration;
}

function publicPart(node: ts.Node): ts.Node {
  if (!ts.isClassDeclaration(node)) return node;
  const { modifiers, name, typeParameters, heritageClauses } = node;
  const members = node.members.filter((member) => !isPrivate(member));
  return ts.factory.updateClassDeclaration(node, modifiers, name, typeParameters, heritageClauses, members);
}

function isPrivate(node: ts.Node): boolean {
  if (!ts.isClassElement(node)) return false;
  const named = node.name !== undefined && ts.isPrivateIdentifier(node.name);
  return named || (ts.getCombinedModifierFlags(node) & ts.ModifierFlags.Private) !== 0;
}

function isOwn(pkg: PublishedPackage, symbol: ts.Symbol): boolean {
  return origin(symbol).startsWith(path.join(pkg.folder, 'dist') + path.sep);
}

function isTopLevel(symbol: ts.Symbol): boolean {
  return symbol.declarations?.some((each) => ts.isSourceFile(statement(each).parent)) ?? false;
}

function origin(symbol: ts.Symbol): string {
  return symbol.declarations?.[0]?.getSourceFile().fileName ?? '';
}

/** The same on every machine. */
function fromRoot(file: string): string {
  return path.relative(root, file).replaceAll(path.sep, '/');
}

if (import.meta.main) {
  const write = process.argv.includes('--write');
  let stale = 0;
  for (const pkg of publishedPackages()) {
    const file = path.join(pkg.folder, 'api.d.ts');
    const report = await apiReport(pkg);
    const recorded = existsSync(file) ? readFileSync(file, 'utf8') : '';
    if (report === recorded) continue;
    const name = path.relative(root, file);
    if (write) {
      writeFileSync(file, report);
      console.log(`wrote ${name}`);
    } else {
      stale++;
      console.log(`${name} differs from what is built:\n${firstDifference(recorded, report)}`);
    }
  }
  if (stale > 0) {
    console.log('If the change is meant, run `npm run api`, read the diff and commit it with a changeset.');
    process.exitCode = 1;
  }
}

function firstDifference(recorded: string, built: string): string {
  const before = recorded.split('\n');
  const after = built.split('\n');
  const at = after.findIndex((line, index) => line !== before[index]);
  const from = at === -1 ? after.length : at;
  return [
    ...before.slice(from, from + 5).map((line) => `  - ${line}`),
    ...after.slice(from, from + 5).map((line) => `  + ${line}`),
  ].join('\n');
}
