/**
 * Compiles every TypeScript fence of the documentation and every `@example` of the sources. The exports of all packages
 * and what earlier fences of the same page declare are in scope; docs/samples.d.ts declares the placeholders.
 * A fence opts out with ```ts no-check, which is meant for code of other libraries on migration pages.
 */
import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';
import ts from 'typescript';
import { publishedPackages, root } from './packages.ts';
import { compilerOptions, createProgram, exportsOf } from './program.ts';

/** One piece of code that a page shows. */
export interface Sample {
  /** The page or source file, relative to the repository. */
  readonly page: string;
  /** The line of the page on which the code starts. */
  readonly line: number;
  readonly code: string;
}

const FENCE = /^([ \t]*)```(?:ts|typescript)[ \t]*(.*)\n([\s\S]*?)^\1```[ \t]*$/gm;

/** The TypeScript fences of a Markdown text. */
export function samplesOf(page: string, text: string): readonly Sample[] {
  return [...text.matchAll(FENCE)].flatMap(({ index, 1: indent = '', 2: flags = '', 3: body = '' }) => {
    if (flags.split(/\s+/).includes('no-check')) return [];
    const line = text.slice(0, index).split('\n').length + 1;
    return [{ page, line, code: body.replaceAll(new RegExp(`^${indent}`, 'gm'), '') }];
  });
}

/** The TypeScript fences in the doc comments of a source text. */
export function examplesOf(page: string, source: string): readonly Sample[] {
  return [...source.matchAll(/\/\*\*[\s\S]*?\*\//g)].flatMap(({ index, 0: comment }) => {
    const before = source.slice(0, index).split('\n').length - 1;
    const text = comment.replaceAll(/^[ \t]*\* ?/gm, '');
    return samplesOf(page, text).map((sample) => ({ ...sample, line: sample.line + before }));
  });
}

/** Compiles samples and returns one line for each error. `scope` maps a name to the module that exports it. */
export function compileSamples(
  samples: readonly Sample[],
  scope: ReadonlyMap<string, string>,
): readonly string[] {
  const modules = modulesOf(samples, scope);
  const options: ts.CompilerOptions = {
    ...compilerOptions(),
    moduleDetection: ts.ModuleDetectionKind.Force,
    isolatedModules: false,
    verbatimModuleSyntax: false,
    noUnusedLocals: false,
    noUnusedParameters: false,
  };
  const host = ts.createCompilerHost(options);
  const files = { ...host };
  delete host.directoryExists; // a folder may hold nothing but samples
  host.fileExists = (name) => modules.has(name) || files.fileExists(name);
  host.readFile = (name) => modules.get(name)?.text ?? files.readFile(name);
  host.getSourceFile = (name, target) => {
    const module = modules.get(name);
    return module ? ts.createSourceFile(name, module.text, target) : files.getSourceFile(name, target);
  };
  const placeholders = globSync('docs/samples.d.ts', { cwd: root }).map((name) => path.join(root, name));
  const program = ts.createProgram([...modules.keys(), ...placeholders], options, host);
  return [...modules].flatMap(([name, { sample }]) => {
    const file = program.getSourceFile(name);
    const found = [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)];
    return found.map((each) => describe(sample, each));
  });
}

interface SampleModule {
  readonly sample: Sample;
  readonly text: string;
}

function modulesOf(
  samples: readonly Sample[],
  scope: ReadonlyMap<string, string>,
): Map<string, SampleModule> {
  const modules = new Map<string, SampleModule>();
  const declaredOn = new Map<string, Map<string, string>>();
  for (const sample of samples) {
    const name = path.join(root, `${sample.page}.L${sample.line}.ts`);
    const { declared, used } = namesOf(sample.code);
    const earlier = declaredOn.get(sample.page) ?? new Map<string, string>();
    declaredOn.set(sample.page, earlier);
    const imports = [...used].flatMap((each) => {
      const from = earlier.get(each) ?? scope.get(each);
      return declared.has(each) || from === undefined ? [] : `import { ${each} } from '${from}';`;
    });
    // One line before the code keeps the line numbers simple.
    modules.set(name, {
      sample,
      text: `${imports.join(' ')}\n${sample.code}\nexport { ${[...declared].join(', ')} };`,
    });
    if (sample.page.endsWith('.md'))
      for (const each of declared) earlier.set(each, `./${path.basename(name)}`);
  }
  return modules;
}

/** The names that a piece of code declares at its top level, and all that it mentions. */
function namesOf(code: string): {
  readonly declared: ReadonlySet<string>;
  readonly used: ReadonlySet<string>;
} {
  const file = ts.createSourceFile('sample.ts', code, ts.ScriptTarget.Latest, true);
  const declared = new Set<string>();
  const used = new Set<string>();
  const visit = (node: ts.Node): void => {
    if (ts.isIdentifier(node)) used.add(node.text);
    ts.forEachChild(node, visit);
  };
  visit(file);
  for (const statement of file.statements) for (const name of declaredBy(statement)) declared.add(name);
  return { declared, used };
}

function declaredBy(statement: ts.Statement): readonly string[] {
  if (ts.isVariableStatement(statement)) {
    return statement.declarationList.declarations.flatMap((each) => boundNames(each.name));
  }
  if (ts.isImportDeclaration(statement)) {
    const { name, namedBindings } = statement.importClause ?? {};
    const bindings =
      namedBindings && ts.isNamedImports(namedBindings)
        ? namedBindings.elements
        : namedBindings
          ? [namedBindings]
          : [];
    return [...(name ? [name.text] : []), ...bindings.map((each) => each.name.text)];
  }
  const { name } = statement as { name?: ts.Node };
  return name !== undefined && ts.isIdentifier(name) ? [name.text] : [];
}

function boundNames(name: ts.BindingName): readonly string[] {
  if (ts.isIdentifier(name)) return [name.text];
  return name.elements.flatMap((each) => (ts.isOmittedExpression(each) ? [] : boundNames(each.name)));
}

function describe({ page, line }: Sample, { file, start, messageText }: ts.Diagnostic): string {
  const at = file === undefined ? 0 : file.getLineAndCharacterOfPosition(start ?? 0).line;
  return `${page}:${line + Math.max(0, at - 1)} ${ts.flattenDiagnosticMessageText(messageText, '\n    ')}`;
}

function packageScope(): ReadonlyMap<string, string> {
  const entries = publishedPackages().flatMap((pkg) => pkg.entries);
  const program = createProgram(entries.map((entry) => entry.source));
  const scope = new Map<string, string>();
  for (const { specifier, source } of entries) {
    const file = program.getSourceFile(source);
    if (file === undefined) continue;
    for (const { name } of exportsOf(program.getTypeChecker(), file))
      if (!scope.has(name)) scope.set(name, specifier);
  }
  return scope;
}

if (import.meta.main) {
  const read = (page: string) => readFileSync(path.join(root, page), 'utf8');
  const pages = globSync(
    ['*.md', 'docs/**/*.md', '{packages,examples}/*/README.md', 'benchmarks/README.md'],
    { cwd: root },
  );
  const sources = globSync('packages/*/src/**/*.ts', { cwd: root });
  const samples = [
    ...pages.sort().flatMap((page) => samplesOf(page, read(page))),
    ...sources.sort().flatMap((page) => examplesOf(page, read(page))),
  ];
  const problems = compileSamples(samples, packageScope());
  for (const each of problems) console.log(each);
  console.log(`${samples.length} samples compiled; ${problems.length} errors`);
  process.exitCode = problems.length > 0 ? 1 : 0;
}
