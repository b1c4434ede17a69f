import { existsSync, readFileSync } from 'node:fs';
import { builtinModules } from 'node:module';
import path from 'node:path';
import type { Rule } from 'eslint';
import { floorViolation, isPlatformFile, mayUseNode } from './floors.ts';

interface Place {
  readonly packageName: string;
  readonly src: string;
  readonly pathInSrc: string;
}

interface Manifest {
  readonly dependencies?: Readonly<Record<string, string>>;
  readonly peerDependencies?: Readonly<Record<string, string>>;
}

/** Keeps a package's sources to Node (where allowed), declared dependencies, lower floors and files of their own. */
export const imports: Rule.RuleModule = {
  meta: {
    type: 'problem',
    schema: [],
    messages: {
      floor: 'A package imports only lower floors: {{why}}.',
      node: "'{{specifier}}' is Node's: this package runs everywhere, so only its /cli, /node and /redis entries may use it.",
      platform: "'{{specifier}}' belongs to a platform entry, which portable files must not reach.",
      undeclared: "'{{name}}' is not among the dependencies of this package.",
      outside: "'{{specifier}}' leaves the package; import it by its name.",
      extension: "Name the file as it is: '{{specifier}}' must end in .ts.",
      time: "'{{specifier}}' is a source of time; take a clock instead.",
    },
  },
  create(context) {
    const place = locate(context.filename);
    if (place === undefined) return {};
    const check = (node: Rule.Node, specifier: unknown) => {
      if (typeof specifier !== 'string') return;
      const problem = judge(place, specifier);
      if (problem !== undefined) context.report({ node, ...problem });
    };
    const checkSource = (node: Rule.Node) => {
      const { source } = node as unknown as { source: { value?: unknown } | null };
      check(node, source?.value);
    };
    return {
      ImportDeclaration: checkSource,
      ExportNamedDeclaration: checkSource,
      ExportAllDeclaration: checkSource,
      ImportExpression: checkSource,
      TSImportType: checkSource,
    };
  },
};

interface Problem {
  readonly messageId: string;
  readonly data: Record<string, string>;
}

function judge(place: Place, specifier: string): Problem | undefined {
  if (specifier.startsWith('.')) return judgeOwnFile(place, specifier);
  const name = specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
  if (name.startsWith('node:') || builtinModules.includes(name)) return judgeBuiltin(place, specifier);
  if (name.startsWith('@holdfast/')) {
    const to = name.slice('@holdfast/'.length);
    const why = to === place.packageName ? 'a package imports itself' : floorViolation(place.packageName, to);
    if (why !== undefined) return { messageId: 'floor', data: { why } };
  }
  return declares(place, name) ? undefined : { messageId: 'undeclared', data: { name } };
}

function judgeOwnFile(place: Place, specifier: string): Problem | undefined {
  const target = path.posix.join(path.posix.dirname(place.pathInSrc), specifier);
  if (target.startsWith('../')) return { messageId: 'outside', data: { specifier } };
  if (!target.endsWith('.ts')) return { messageId: 'extension', data: { specifier } };
  if (isPlatformFile(target) && !mayUseNode(place.packageName, place.pathInSrc)) {
    return { messageId: 'platform', data: { specifier } };
  }
  return undefined;
}

function judgeBuiltin(place: Place, specifier: string): Problem | undefined {
  if (!mayUseNode(place.packageName, place.pathInSrc)) return { messageId: 'node', data: { specifier } };
  if (/^(node:)?(timers|perf_hooks)(\/|$)/.test(specifier) && !place.pathInSrc.endsWith('clock.ts')) {
    return { messageId: 'time', data: { specifier } };
  }
  return undefined;
}

function locate(filename: string): Place | undefined {
  const match = /^(.*\/packages\/([^/]+)\/src)\/(.+)$/.exec(filename.replaceAll('\\', '/'));
  const [, src, packageName, pathInSrc] = match ?? [];
  if (src === undefined || packageName === undefined || pathInSrc === undefined) return undefined;
  return { packageName, src, pathInSrc };
}

function declares(place: Place, name: string): boolean {
  const file = path.join(place.src, '..', 'package.json');
  if (!existsSync(file)) return false;
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as Manifest;
  return name in { ...manifest.dependencies, ...manifest.peerDependencies };
}
