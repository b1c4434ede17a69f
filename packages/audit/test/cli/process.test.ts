import { once } from 'node:events';
import { createServer } from 'node:http';
import {
  closeSync,
  createReadStream,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { systemClock } from '@holdfast/pipeline';
import { PROGRAM } from '../../src/cli/main.ts';
import { addPartials, buildLog, numbered, writeLog } from '../log-fixture.ts';
import { logDirectory, run, runProcess, startProcess, tenantLog } from './rig.ts';

describe('the process', () => {
  it('teaches', async () => {
    const { status, stdout, stderr } = runProcess([]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toMatchSnapshot();
    for (const command of PROGRAM.commands) {
      const help = (await run([command.name, '--help'])).stdout;
      expect(help).toBe((await run(['help', command.name])).stdout);
      expect(help).toMatchSnapshot();
      expect(command.examples.length).toBeGreaterThan(0);
      expect(help.split('\n').every((line) => line.length <= 120)).toBe(true);
    }
  });

  it('colours for eyes only, and not where NO_COLOR asks', async () => {
    const log = await logDirectory({ acme: 3 });
    const args = ['verify', log.dir, '--key', log.key];
    expect(runProcess(args).stdout).toBe('ok     audit.example/prod/acme  3 entries, all read\n');
    expect(runProcess(args, { env: { FORCE_COLOR: '1' } }).stdout).toContain('\u001b[32mok');
  });

  it('exits with what it found', async () => {
    const log = await logDirectory({ acme: 3 });
    const entry = log.file('entry', 'x');
    expect(runProcess(['check-proof', entry, '-', '--key', log.key], { input: 'x' })).toEqual({
      status: 1,
      stdout: 'broken the proof has no checkpoint\n',
      stderr: '',
    });
    expect(runProcess(['verify', log.dir, '--key', '/nowhere'])).toMatchObject({ status: 3, stdout: '' });
  });

  it('follows a log, and ends in order when it is interrupted', async () => {
    const log = await logDirectory({ acme: 3 });
    const child = startProcess(['tail', log.dir, '--key', log.key, '--follow']);
    let said = '';
    child.stdout.on('data', (chunk: Buffer) => (said += chunk.toString()));
    await expect.poll(() => said.split('\n').length, { timeout: 60_000 }).toBe(4);
    const acme = tenantLog(log, 'acme');
    const grown = await buildLog({ ...acme, entries: [...acme.entries, ...numbered(2, 'late')] });
    writeLog(path.join(log.dir, 'logs/acme'), grown);
    await expect.poll(() => said.split('\n').length, { timeout: 60_000 }).toBe(6);
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([130, null]);
  });

  it('stops following a log that was rewritten', async () => {
    const log = await logDirectory({ acme: 3 });
    const child = startProcess(['tail', log.dir, '--key', log.key, '--follow']);
    const exited = once(child, 'exit');
    let warned = '';
    child.stderr.on('data', (chunk: Buffer) => (warned += chunk.toString()));
    await once(child.stdout, 'data');
    const acme = tenantLog(log, 'acme');
    writeLog(path.join(log.dir, 'logs/acme'), await buildLog({ ...acme, entries: numbered(5, 'other') }));
    expect(await exited).toEqual([1, null]);
    expect(warned).toContain('the first 3 entries are not the same any more');
  });
});

describe('output that nobody takes', () => {
  /** A log with an entry changed, so that there is a verdict and much to say about it. */
  async function brokenLog() {
    const log = await logDirectory({ acme: 3_000 });
    for (const bundle of ['000', '001', '002']) {
      const file = path.join(log.dir, 'logs/acme/tile/0', bundle);
      writeFileSync(file, readFileSync(file).fill(7));
    }
    return log;
  }

  /** Starts a command line whose reader closes the pipe after the first piece. */
  async function readOnce(args: readonly string[]) {
    const child = startProcess(args);
    let said = '';
    child.stderr.on('data', (chunk: Buffer) => (said += chunk.toString()));
    const exited = once(child, 'close');
    child.stdout.once('data', () => child.stdout.destroy());
    const [status] = (await exited) as [number | null];
    return { status, said };
  }

  it('leaves the verdict the exit code when the reader has seen enough', async () => {
    const log = await brokenLog();
    const args = ['verify', log.dir, '--key', log.key, '--max-findings', '5000'];
    expect(runProcess(args).status).toBe(1);
    expect(await readOnce(args)).toEqual({ status: 1, said: '' });
  });

  it.each(['query', 'export', 'tail --lines 3000', 'tail --lines 3000 --follow'])(
    'ends %s, which does nothing but show',
    async (line) => {
      const log = await logDirectory({ acme: 3_000 });
      const [command = '', ...options] = line.split(' ');
      const args = [command, log.dir, '--key', log.key, ...options];
      expect(await readOnce(args)).toEqual({ status: 0, said: '' });
    },
  );

  it.skipIf(!existsSync('/dev/full'))('is no verdict when the disk is full', async () => {
    const [sound, broken] = [await logDirectory({ acme: 300 }), await brokenLog()];
    const full = openSync('/dev/full', 'w');
    onTestFinished(() => closeSync(full));
    const commands = [['verify', broken] as const, ['query', sound] as const, ['export', sound] as const];
    for (const [command, { dir, key }] of commands) {
      const { status, stderr } = runProcess([command, dir, '--key', key], { stdout: full });
      expect(stderr).toMatch(/^the output could not be written: .*ENOSPC.*\n$/);
      expect(status).toBe(3);
    }
  });
});

describe('an old release of Node', () => {
  it('is named in one line', () => {
    const old = `data:text/javascript,Object.defineProperty(process,'versions',{value:{...process.versions,node:'20.19.5'}})`;
    expect(runProcess(['--help'], { nodeArgs: ['--import', old] })).toEqual({
      status: 3,
      stdout: '',
      stderr: `holdfast-audit needs Node 22.16 or later; this is ${process.version}\n`,
    });
  });
});

describe('a log behind a web server', () => {
  it('is verified, followed and proven like one on disk', async () => {
    const log = await logDirectory({ acme: 700 });
    await addPartials(tenantLog(log, 'acme'), 300);
    const server = createServer((request, response) => {
      const file = path.join(log.dir, 'logs', path.posix.normalize(request.url ?? '/'));
      if (!existsSync(file)) response.writeHead(404).end();
      else createReadStream(file).pipe(response);
    }).listen(0, '127.0.0.1');
    await once(server, 'listening');
    onTestFinished(() => {
      server.closeAllConnections();
      server.close();
    });
    const address = server.address();
    const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
    const trust = ['--key', log.key];
    expect(readdirSync(path.join(log.dir, 'logs'))).toEqual(['acme']);
    expect((await run(['verify', `${url}/acme`, ...trust])).stdout).toBe(
      'ok     audit.example/prod/acme  700 entries, all read\n',
    );
    expect((await run(['verify', `${url}/`, '--tenant', 'acme', ...trust])).status).toBe(0);
    expect((await run(['tail', `${url}/acme`, ...trust, '--lines', '1'])).stdout).toContain(
      '699  -  test.done',
    );
    expect((await run(['prove', `${url}/acme`, '600', ...trust])).status).toBe(0);
    const nothing = await run(['verify', `${url}/globex`, ...trust]);
    expect(nothing).toMatchObject({ status: 2 });
    expect(nothing.stderr).toContain(`${url}/globex is no audit log: it has no checkpoint`);
    expect((await run(['verify', url, '--tenant', 'globex', ...trust])).stderr).toContain(
      'there is no tenant "globex" in this log',
    );
    const checkpoint = path.join(log.dir, 'logs/acme/checkpoint');
    const kept = log.file('kept', readFileSync(checkpoint));
    rmSync(checkpoint);
    const removed = await run(['verify', `${url}/acme`, ...trust]);
    expect(removed).toMatchObject({ status: 1 });
    expect(removed.stdout).toContain('checkpoint is missing');
    const above = path.join(log.dir, 'logs/pruned/tile/1/000');
    mkdirSync(path.dirname(above), { recursive: true });
    writeFileSync(above, Buffer.alloc(8_192));
    expect((await run(['verify', `${url}/pruned`, ...trust])).stdout).toContain('checkpoint is missing');
    rmSync(path.join(log.dir, 'logs/acme'), { recursive: true });
    expect(await run(['verify', `${url}/acme`, ...trust, '--checkpoint', kept])).toMatchObject({ status: 1 });
    server.close();
    server.closeAllConnections();
    const silent = await run(['verify', `${url}/acme`, ...trust], '', systemClock);
    expect(silent.status).toBe(3);
    expect(silent.stderr).toContain('the server cannot be reached: connect ECONNREFUSED');
  });
});
