/**
 * The runtime matrix: the packages' tests on every supported Node, and what must work everywhere on Bun, Deno, workerd
 * and the edge runtime, against the built packages. `npm run compat` builds, installs the runtimes and runs all; `node compat/run.ts NAME...` some.
 */
import { execFile, spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { existsSync } from 'node:fs';
import path from 'node:path';
import { promisify } from 'node:util';
import { build } from 'esbuild';
import { prepare } from '../scripts/bootstrap.mjs';

const here = import.meta.dirname;
const root = path.resolve(here, '..');
const bundles = path.join(root, '.cache', 'compat');
const installed = (file: string) => path.join(here, 'node_modules', file);
const exec = promisify(execFile);

interface Runtime {
  readonly name: string;
  /** What must be there for it: an executable that npm has for this platform, or a module. */
  readonly needs: string;
  readonly run: () => Promise<string>;
}

const nodes = { 22: installed('node-22/bin/node'), 24: process.execPath, 26: installed('node-26/bin/node') };
const bun = installed('@oven/bun-linux-x64/bin/bun');
const deno = installed('@deno/linux-x64-glibc/deno');
const workerd = installed('@cloudflare/workerd-linux-64/bin/workerd');
const edge = installed('@edge-runtime/vm/package.json');
const commandLine = path.join(here, 'command-line.mjs');

const RUNTIMES: readonly Runtime[] = [
  ...Object.entries(nodes).flatMap(([version, node]) => [
    { name: `node-${version}`, needs: node, run: () => output(node, [commandLine]) },
    { name: `node-${version}-tests`, needs: node, run: () => packageTests(node) },
  ]),
  { name: 'bun', needs: bun, run: () => output(bun, [commandLine]) },
  {
    name: 'deno',
    needs: deno,
    run: () => output(deno, ['run', '--no-lock', '--node-modules-dir=manual', commandLine]),
  },
  { name: 'workerd', needs: workerd, run: onWorkerd },
  { name: 'edge-runtime', needs: edge, run: onEdgeRuntime },
];

async function output(program: string, args: readonly string[]): Promise<string> {
  const { stdout } = await exec(program, args, { cwd: root, timeout: 600_000, maxBuffer: 1 << 26 });
  return stdout.trim();
}

async function packageTests(node: string): Promise<string> {
  const vitest = path.join(root, 'node_modules', 'vitest', 'vitest.mjs');
  const text = await output(node, [vitest, 'run', '--reporter=dot', 'packages/']);
  return /Tests +(.*)/.exec(text)?.[1] ?? text;
}

async function bundle(name: string, format: 'esm' | 'iife'): Promise<string> {
  const outfile = path.join(bundles, `${name}.js`);
  await build({
    entryPoints: [path.join(here, `${name}.mjs`)],
    outfile,
    bundle: true,
    format,
    platform: 'browser',
    target: 'es2023',
  });
  return outfile;
}

async function onWorkerd(): Promise<string> {
  await bundle('worker', 'esm');
  const args = ['serve', path.join(here, 'worker.capnp'), '--control-fd=3'];
  const server = spawn(workerd, args, { stdio: ['ignore', 'inherit', 'inherit', 'pipe'] });
  try {
    const control = server.stdio[3] as NodeJS.ReadableStream;
    for await (const line of createInterface({ input: control })) {
      const { event, port } = JSON.parse(line) as { event: string; port?: number };
      if (event === 'listen') return await askWorker(`http://127.0.0.1:${port}`);
    }
    throw new Error('workerd ended before it listened');
  } finally {
    server.kill();
  }
}

async function askWorker(url: string): Promise<string> {
  const ask = async (route: string) => {
    const response = await fetch(url + route, { signal: AbortSignal.timeout(10_000) });
    const text = await response.text();
    if (!response.ok) throw new Error(`${route}: ${text}`);
    return text;
  };
  const smoked = await ask('/smoke');
  await ask('/arm');
  const waited = await ask('/wait');
  if (waited !== 'timed out') throw new Error(`after a request that left its timeout armed: ${waited}`);
  return `${smoked}; a timeout armed in one request does not silence the next`;
}

async function onEdgeRuntime(): Promise<string> {
  const file = await bundle('edge', 'iife');
  const script = `
    const { EdgeVM } = require('@edge-runtime/vm');
    const vm = new EdgeVM();
    vm.evaluate(require('node:fs').readFileSync(process.argv[1], 'utf8'));
    vm.evaluate('smoked').then((names) => {
      console.log(names.length + ' checks hold');
      process.exit(); // timers of this runtime cannot be unref'ed
    });`;
  const { stdout } = await exec(process.execPath, ['--eval', script, '--', file], {
    cwd: here,
    timeout: 60_000,
  });
  return stdout.trim();
}

const names = process.argv.slice(2);
const unknown = names.filter((name) => RUNTIMES.every((runtime) => runtime.name !== name));
if (unknown.length > 0) {
  console.error(
    `There is no runtime '${unknown.join("', '")}', only ${RUNTIMES.map(({ name }) => name).join(', ')}`,
  );
  process.exit(2);
}
await prepare(here);
for (const { name, needs, run } of RUNTIMES) {
  if (names.length > 0 && !names.includes(name)) continue;
  if (!existsSync(needs)) {
    console.log(`- ${name}: skipped, npm has none for ${process.platform}-${process.arch}`);
    continue;
  }
  try {
    console.log(`✓ ${name}: ${await run()}`);
  } catch (error) {
    const { message, stdout = '' } = error as Error & { stdout?: string };
    console.log(`✗ ${name}: ${message}${stdout}`);
    process.exitCode = 1;
  }
}
