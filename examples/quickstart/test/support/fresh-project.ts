import { execFile, spawn, type ChildProcess } from 'node:child_process';
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';

const run = promisify(execFile);
const root = path.join(import.meta.dirname, '../../../..');

/** The folder of somebody who has just typed `npm init` and `npm install`. */
export interface FreshProject {
  /** Writes a file, and runs it with Node. */
  start(
    file: string,
    code: string,
    env: Readonly<Record<string, string>>,
    stdio?: 'inherit' | 'pipe',
  ): Promise<ChildProcess>;
  close(): Promise<void>;
}

/** Runs npm, whatever the one that runs the tests has been told. */
async function npm(cwd: string, ...args: readonly string[]): Promise<string> {
  const env = Object.entries(process.env).filter(([name]) => !/^npm_/i.test(name));
  const { stdout } = await run('npm', args, { cwd, env: Object.fromEntries(env) });
  return stdout.trim();
}

/** Packs a folder as npm publishes it. */
async function pack(source: string, target: string): Promise<string> {
  return path.join(
    target,
    await npm(source, 'pack', '--silent', '--ignore-scripts', '--pack-destination', target),
  );
}

/** Builds one of our packages from its sources as they are now, and packs it. */
async function buildAndPack(name: string, target: string): Promise<string> {
  const source = path.join(root, 'packages', name);
  const staged = path.join(target, 'staged', name);
  await mkdir(staged, { recursive: true });
  for (const file of ['package.json', 'README.md', 'LICENSE']) {
    await cp(path.join(source, file), path.join(staged, file));
  }
  await build({
    entryPoints: [path.join(source, 'src/index.ts')],
    outdir: path.join(staged, 'dist'),
    bundle: true,
    packages: 'external',
    format: 'esm',
    platform: 'node',
    logLevel: 'error',
  });
  return pack(staged, target);
}

const OURS = ['pipeline', 'circuit-breaker', 'retry', 'timeout', 'metrics', 'health'];
/** What ours depend on. */
const THEIRS = ['p-retry', 'is-network-error'];

/** Makes a project with our packages, and Express. Fetches nothing: the repository has it all. */
export async function freshProject(): Promise<FreshProject> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-project-'));
  const cwd = path.join(folder, 'project');
  await mkdir(cwd);
  const modules = path.join(root, 'node_modules');
  const tarballs = await Promise.all([
    ...OURS.map((name) => buildAndPack(name, folder)),
    ...THEIRS.map((name) => pack(path.join(modules, name), folder)),
  ]);
  await npm(cwd, 'init', '--yes');
  await npm(cwd, 'install', '--offline', '--no-audit', '--no-fund', ...tarballs);
  await symlink(path.join(modules, 'express'), path.join(cwd, 'node_modules/express'), 'dir');
  return {
    async start(file, code, env, stdio = 'inherit') {
      await writeFile(path.join(cwd, file), code);
      return spawn(process.execPath, [file], { cwd, env: { ...process.env, ...env }, stdio });
    },
    close: () => rm(folder, { recursive: true }),
  };
}

/** A page of the documentation. */
export const readPage = (name: string): Promise<string> => readFile(path.join(root, name), 'utf8');
