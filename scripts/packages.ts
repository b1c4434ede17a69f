import { readdirSync, readFileSync, existsSync } from 'node:fs';
import path from 'node:path';

/** The folder of the repository. */
export const root = path.resolve(import.meta.dirname, '..');

/** One way into a package, e.g. `@holdfast/pipeline/testing`. */
export interface Entry {
  /** What users import. */
  readonly specifier: string;
  /** Absolute path of the source. */
  readonly source: string;
  /** Absolute path of the built declarations. */
  readonly types: string;
}

/** A package that is published. */
export interface PublishedPackage {
  readonly name: string;
  /** Absolute path of its folder. */
  readonly folder: string;
  readonly entries: readonly Entry[];
  readonly dependencies: readonly string[];
}

interface Manifest {
  readonly name: string;
  readonly private?: boolean;
  readonly exports: Readonly<Record<string, Readonly<Record<string, string>>>>;
  readonly dependencies?: Readonly<Record<string, string>>;
}

/** All published packages, in the order of their names. */
export function publishedPackages(): readonly PublishedPackage[] {
  const parent = path.join(root, 'packages');
  return readdirSync(parent)
    .map((name) => path.join(parent, name))
    .filter((folder) => existsSync(path.join(folder, 'package.json')))
    .flatMap((folder) => {
      const manifest = JSON.parse(readFileSync(path.join(folder, 'package.json'), 'utf8')) as Manifest;
      return manifest.private === true ? [] : [describe(folder, manifest)];
    });
}

function describe(folder: string, manifest: Manifest): PublishedPackage {
  const { name, dependencies = {} } = manifest;
  const entries = Object.entries(manifest.exports).flatMap(([subpath, target]) => {
    const { '@holdfast/source': source, types } = target;
    if (source === undefined || types === undefined) return [];
    const specifier = path.posix.join(name, subpath);
    return [{ specifier, source: path.join(folder, source), types: path.join(folder, types) }];
  });
  return { name, folder, entries, dependencies: Object.keys(dependencies) };
}
