/**
 * Makes a clone ready and then runs a file of it: installs the pinned dependencies when they differ from what is in
 * node_modules, and uses the Node that came with them. Runs on any Node >= 20 before anything is installed, so it
 * imports nothing but `node:` modules.
 *
 *     node scripts/bootstrap.mjs FILE [ARGUMENT...]
 */
import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, realpathSync, rmSync } from 'node:fs';
import { connect, createServer } from 'node:net';
import { constants, tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';

const root = fileURLToPath(new URL('..', import.meta.url));
const bin = path.join(root, 'node_modules', '.bin');
const oldestNode = 24;

/** Installs what a folder's package-lock.json names unless its node_modules hold that; one process at a time. */
export async function prepare(folder = root) {
  if (installed(folder)) return;
  const lock = await acquireInstallLock(folder);
  try {
    if (!installed(folder)) await install(folder, lock);
  } finally {
    lock.close();
  }
}

/** Runs a file of the repository, from the sources of its packages; ends this process the way that one ends. */
export async function run(file, args) {
  const node = nodeOfRepository();
  // What the file starts finds the same Node; npm 10 leaves it out of node_modules/.bin.
  const env = { ...process.env, PATH: [path.dirname(node), bin, process.env.PATH].join(path.delimiter) };
  const command = ['--conditions=@holdfast/source', path.resolve(root, file), ...args];
  const child = spawn(node, command, { stdio: 'inherit', env });
  const { code, signal } = await ended(child);
  process.exitCode = signal === null ? code : 128 + constants.signals[signal];
}

async function install(folder, lock) {
  console.error(`Installing the pinned dependencies in ${folder} (once; about half a minute) ...`);
  const startedAt = Date.now();
  // npm deletes node_modules first, so it must not run with the Node in there.
  const node = process.env.npm_node_execpath ?? process.execPath;
  const args = ['ci', '--no-audit', '--no-fund', '--include=dev', '--include=optional', '--loglevel=error'];
  const npm = process.env.npm_execpath;
  // npm holds the lock too: it goes on when this process is killed.
  const stdio = ['inherit', 'inherit', 'inherit', lock._handle?.fd ?? 'ignore'];
  const options = { cwd: folder, stdio, env: npmEnvironment() };
  const child = npm?.endsWith('.js')
    ? spawn(node, [npm, ...args], options)
    : spawn('npm', args, { ...options, shell: process.platform === 'win32' });
  const { code } = await ended(child);
  if (code !== 0) throw new Error(`npm ci failed (${code ?? 'stopped'}); see above`);
  console.error(`Installed in ${Math.round((Date.now() - startedAt) / 1000)} s.`);
}

/** What npm left in node_modules, which it writes last, against what the lock asks for. */
function installed(folder) {
  const wanted = lockedPackages(path.join(folder, 'package-lock.json'));
  const found = lockedPackages(path.join(folder, 'node_modules', '.package-lock.json'));
  if (wanted === undefined || found === undefined) return false;
  return Object.entries(wanted).every(([name, entry]) => {
    if (name === '') return true;
    const there = found[name];
    return there === undefined ? entry.optional === true : identity(there) === identity(entry);
  });
}

function identity({ version, integrity, link, resolved, dependencies }) {
  return JSON.stringify(link ? resolved : (integrity ?? [version, dependencies]));
}

function lockedPackages(file) {
  try {
    return JSON.parse(readFileSync(file, 'utf8')).packages;
  } catch {
    return undefined;
  }
}

/** The outer npm describes itself in the environment; the inner one must not take that for its own settings. */
function npmEnvironment() {
  const inherited =
    /^(npm_config_(workspace|include|omit|production|only|prefix|global)|npm_(lifecycle|package)_|NODE_ENV$)/i;
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !inherited.test(name)));
  env.PATH = (env.PATH ?? '')
    .split(path.delimiter)
    .filter((folder) => folder !== bin)
    .join(path.delimiter);
  return env;
}

function nodeOfRepository() {
  const platform = process.platform === 'win32' ? 'win' : process.platform;
  const file = path.join(root, 'node_modules', `node-${platform}-${process.arch}`, 'bin', 'node');
  const own = platform === 'win' ? `${file}.exe` : file;
  if (existsSync(own)) return own;
  if (Number.parseInt(process.versions.node, 10) >= oldestNode) return process.execPath;
  throw new Error(
    `Node ${oldestNode} or newer is needed here: npm has none for ${process.platform}-${process.arch}`,
  );
}

/** Ends with the processes that hold it, however they end: it is a socket, not a file. */
async function acquireInstallLock(folder) {
  const name = lockName(folder);
  for (let tries = 0; ; tries++) {
    const server = await listen(name);
    if (server !== undefined) return server;
    if (tries === 0) console.error('Another install is running here; waiting for it ...');
    await sleep(500);
  }
}

function lockName(folder) {
  const id = `holdfast-install-${createHash('sha256').update(path.resolve(folder)).digest('hex').slice(0, 16)}`;
  if (process.platform === 'linux') return `\0${id}`;
  return process.platform === 'win32' ? `\\\\.\\pipe\\${id}` : path.join(tmpdir(), `${id}.sock`);
}

async function listen(name) {
  const server = createServer();
  const error = await new Promise((resolve) => {
    server.once('error', resolve);
    server.listen(name, () => resolve(undefined));
  });
  if (error === undefined) return server;
  if (error.code !== 'EADDRINUSE') throw error;
  // Only a socket in a folder outlives its holder.
  if (path.isAbsolute(name) && process.platform !== 'win32' && !(await answers(name)))
    rmSync(name, { force: true });
  return undefined;
}

function answers(name) {
  return new Promise((resolve) => {
    const socket = connect(name, () => resolve(true));
    socket.once('error', () => resolve(false));
    socket.once('connect', () => socket.destroy());
  });
}

/**
 * Waits for a child and passes signals on. A terminal has already sent its Ctrl-C to the child as well; npm passes
 * signals only to the shell between it and this process, so the end of that shell stands for SIGTERM.
 */
function ended(child) {
  const pass = (signal) => {
    if (signal !== 'SIGINT' || !process.stdin.isTTY) child.kill(signal);
  };
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, pass);
  const shell = process.ppid;
  const watch = setInterval(() => {
    if (process.ppid === shell || process.env.npm_lifecycle_event === undefined) return;
    clearInterval(watch);
    child.kill('SIGTERM');
  }, 250);
  return new Promise((resolve, reject) => {
    child.once('error', reject);
    child.once('exit', (code, signal) => {
      for (const each of signals) process.off(each, pass);
      clearInterval(watch);
      resolve({ code, signal });
    });
  });
}

if (realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)) {
  const [file, ...args] = process.argv.slice(2);
  try {
    await prepare();
    await run(file, args);
  } catch (error) {
    console.error(error.message);
    process.exitCode = 1;
  }
}
