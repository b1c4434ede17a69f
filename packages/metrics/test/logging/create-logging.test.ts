import { existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { once } from 'node:events';
import { spawn, spawnSync } from 'node:child_process';
import { createLogging } from '@holdfast/metrics/logging';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { keepLines } from './lines.ts';

describe('a line', () => {
  it('is JSON with level, time, service, fields and message', () => {
    const { logger, texts } = keepLines({ service: 'api' });
    logger.info({ tool: 'search', count: 2 }, 'called %s', 'it');
    expect(texts).toEqual([
      '{"level":30,"time":1700000000000,"service":"api","tool":"search","count":2,"msg":"called it"}\n',
    ]);
  });

  it('has neither process id nor host name', () => {
    const { logger, last } = keepLines();
    logger.info('x');
    expect(Object.keys(last())).toEqual(['level', 'time', 'msg']);
  });

  it('does not fail on cycles, BigInt and getters that throw', () => {
    const { logger, lines } = keepLines();
    const cycle: Record<string, unknown> = {};
    cycle['self'] = cycle;
    logger.info({ cycle });
    logger.info({ big: { n: 1n } });
    logger.info({
      trap: {
        get x() {
          throw new Error('no');
        },
      },
    });
    expect(lines()).toHaveLength(3);
    expect(lines()[2]).toMatchObject({ trap: '[unreadable]' });
  });
});

describe('the level', () => {
  it('is info unless told otherwise', () => {
    const { logger, lines, logging } = keepLines();
    logger.debug('no');
    logger.info('yes');
    expect(lines()).toHaveLength(1);
    expect(logging.level).toBe('info');
  });

  it('changes at run time, for children that were made before as well', () => {
    const { logger, lines, logging } = keepLines();
    const child = logger.child({ part: 'db' });
    const grandchild = child.child({ table: 'users' });
    logging.setLevel('debug');
    for (const each of [logger, child, grandchild]) each.debug('seen');
    expect(lines()).toHaveLength(3);
    logging.setLevel('silent');
    for (const each of [logger, child, grandchild]) each.fatal('not seen');
    expect(lines()).toHaveLength(3);
    expect(logging.level).toBe('silent');
  });

  it('of a child that has one of its own stays', () => {
    const { logger, lines, logging } = keepLines();
    const child = logger.child({}, { level: 'error' });
    logging.setLevel('trace');
    child.info('no');
    child.error('yes');
    expect(lines()).toHaveLength(1);
  });

  it('must be one that there is', () => {
    const { logging } = keepLines();
    expect(() => logging.setLevel('loud' as never)).toThrow(TypeError);
    expect(() => createLogging({ level: 'loud' as never })).toThrow(/createLogging: level must be one of/);
    expect(logging.level).toBe('info');
  });
});

describe('destinations', () => {
  let folder: string;
  beforeEach(() => (folder = mkdtempSync(path.join(tmpdir(), 'logging-'))));
  afterEach(() => rmSync(folder, { recursive: true }));

  it('make the folder of a file, append to it and have written every line when the call returns', () => {
    const file = path.join(folder, 'deep', 'app.log');
    for (const word of ['one', 'two']) {
      const logging = createLogging({ destinations: [{ file }] });
      logging.logger.info(word);
      expect(readFileSync(file, 'utf8')).toContain(`"msg":"${word}"`);
      logging.close();
      logging.close();
    }
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(2);
  });

  it('drop what comes after the end of a file, and fail nobody for it', () => {
    const file = path.join(folder, 'app.log');
    const texts: string[] = [];
    const logging = createLogging({ destinations: [{ file }, { write: (line) => texts.push(line) }] });
    const alone = createLogging({ destinations: [{ file }] });
    for (const { logger, close } of [logging, alone]) {
      close();
      expect(() => logger.info('late')).not.toThrow();
    }
    expect(texts).toHaveLength(1);
    expect(readFileSync(file, 'utf8')).toBe('');
  });

  it('are opened again on demand: a file that was moved away keeps its lines, and a new one gets the rest', () => {
    const file = path.join(folder, 'app.log');
    const texts: string[] = [];
    const logging = createLogging({ destinations: [{ file }, { write: (line) => texts.push(line) }] });
    for (let i = 0; i < 3; i++) {
      logging.logger.info(`before ${i}`);
      renameSync(file, `${file}.${i}`);
      logging.logger.info(`moved ${i}`);
      logging.reopen();
      logging.logger.info(`after ${i}`);
    }
    const kept = [0, 1, 2].map((i) => readFileSync(`${file}.${i}`, 'utf8')).join('');
    expect(kept + readFileSync(file, 'utf8')).toBe(texts.join(''));
    expect(readFileSync(`${file}.1`, 'utf8')).toContain('moved 1');
    expect(readFileSync(file, 'utf8').trim().split('\n')).toHaveLength(1);
    logging.close();
  });

  it('keep the old file when the new one cannot be opened, and say why', () => {
    const file = path.join(folder, 'app.log');
    const logging = createLogging({ destinations: [{ file }] });
    renameSync(file, `${file}.1`);
    mkdirSync(file); // where a file should be
    expect(() => logging.reopen()).toThrow('EISDIR');
    logging.logger.info('still there');
    expect(readFileSync(`${file}.1`, 'utf8')).toContain('still there');
    logging.close();
    expect(() => logging.reopen()).not.toThrow();
  });

  it.skipIf(!existsSync('/dev/full'))('that have no room left do not end the process', () => {
    const script = `
      import { createLogging } from '@holdfast/metrics/logging';
      const { logger } = createLogging({ destinations: [{ file: '/dev/full' }, 'console'] });
      logger.info('one');
      setImmediate(() => { logger.info('two'); process.exit(0); });`;
    const flags = ['--conditions=@holdfast/source', '--input-type=module', '-e', script];
    const options = { cwd: import.meta.dirname, encoding: 'utf8' } as const;
    const { status, stdout, stderr } = spawnSync(process.execPath, flags, options);
    expect({ status, lines: stdout.trim().split('\n').length }).toEqual({ status: 0, lines: 2 });
    expect(stderr).toContain('ENOSPC');
  });

  it('are opened again at a signal in a process of its own, without losing a line', async () => {
    const file = path.join(folder, 'app.log');
    const script = `
      import { createLogging } from '@holdfast/metrics/logging';
      const logging = createLogging({ destinations: [{ file: process.argv[1] }] });
      process.on('SIGHUP', () => { logging.reopen(); logging.logger.info('after'); process.exit(); });
      logging.logger.info('before');
      setInterval(() => undefined, 1000);
      process.stdout.write('ready');`;
    const flags = ['--conditions=@holdfast/source', '--input-type=module', '-e', script, file];
    const child = spawn(process.execPath, flags, { cwd: import.meta.dirname });
    await once(child.stdout, 'data');
    renameSync(file, `${file}.1`);
    child.kill('SIGHUP');
    await once(child, 'exit');
    expect(readFileSync(`${file}.1`, 'utf8')).toContain('"msg":"before"');
    expect(readFileSync(file, 'utf8')).toContain('"msg":"after"');
  });

  it('all get every line, of every level', () => {
    const file = path.join(folder, 'app.log');
    const texts: string[] = [];
    const logging = createLogging({
      level: 'trace',
      destinations: [{ file }, { write: (line) => texts.push(line) }],
    });
    for (const level of ['trace', 'debug', 'info', 'warn', 'error', 'fatal'] as const)
      logging.logger[level](level);
    expect(texts).toHaveLength(6);
    expect(readFileSync(file, 'utf8')).toBe(texts.join(''));
    logging.close();
  });

  it('include standard output, which loses nothing when the process ends at once', () => {
    const script = `
      import { createLogging } from '@holdfast/metrics/logging';
      createLogging().logger.info('last words');
      process.exit(3);`;
    const flags = ['--conditions=@holdfast/source', '--input-type=module', '-e', script];
    const { status, stdout } = spawnSync(process.execPath, flags, {
      cwd: import.meta.dirname,
      encoding: 'utf8',
    });
    expect({ status, line: JSON.parse(stdout) as unknown }).toMatchObject({
      status: 3,
      line: { msg: 'last words' },
    });
  });

  it.each([[[]], ['console'], [[{ file: '' }]], [['stderr']], [[null]], [[{ write: 1 }]]])(
    'refuse %j',
    (destinations) => {
      expect(() => createLogging({ destinations: destinations as never })).toThrow(TypeError);
      expect(existsSync(path.join(folder, 'app.log'))).toBe(false);
    },
  );
});

describe('createLogging', () => {
  it.each([
    ['service', 7],
    ['secrets', 'token'],
    ['secrets', [1]],
    ['trace', {}],
    ['clock', {}],
    ['colour', 'red'],
  ])('refuses %s of %j', (option, value) => {
    expect(() => createLogging({ [option]: value })).toThrow(TypeError);
  });
});
