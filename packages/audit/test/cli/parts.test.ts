import { readArgs, UsageError, type CommandOption } from '@holdfast/pipeline/cli';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { PassThrough, Readable } from 'node:stream';
import { describe, expect, it } from 'vitest';
import {
  generateKeyPair,
  generateSigner,
  signerFrom,
  trustLog,
  vkeyOf,
  witnessVkeyOf,
} from '@holdfast/audit';
import { manualClock } from '@holdfast/pipeline/testing';
import { entryLine, entryValue } from '../../src/cli/entry-line.ts';
import { filterOf, FILTER_OPTIONS } from '../../src/cli/filter.ts';
import { readSigner, writePrivateKey } from '../../src/cli/key-files.ts';
import { numberOf } from '../../src/cli/numbers.ts';
import { count, counted, Terminal } from '../../src/cli/terminal.ts';
import { findTree, findTrees, originOf } from '../../src/cli/trees.ts';
import { readTrust, requireTrust, TRUST_OPTIONS } from '../../src/cli/trust.ts';
import { buildLog, numbered, writeLog } from '../log-fixture.ts';
import { tempFolder } from './rig.ts';

const read = (options: Readonly<Record<string, CommandOption>>, argv: readonly string[]) =>
  readArgs({ name: 'test', args: 'A [B]', arity: [1, 2], options }, argv);

describe('numberOf', () => {
  const number = (text: string, min = 0) =>
    numberOf(read({ n: { value: 'N', description: '' } }, ['a', `--n=${text}`]), 'n', min);

  it('reads whole numbers from a least one on', () => {
    expect([number('0'), number('17', 17)]).toEqual([0, 17]);
    expect(numberOf(read({}, ['a']), 'n', 0)).toBeUndefined();
  });

  it.each(['', '-1', '1.5', '1e3', 'x', '99999999999999999999'])('refuses %j', (text) => {
    expect(() => number(text)).toThrow('--n must be a number from 0');
  });

  it('refuses what is too small', () => {
    expect(() => number('0', 1)).toThrow('--n must be a number from 1, got "0"');
  });
});

describe('filterOf', () => {
  const event = {
    action: 'session.created',
    actor: { id: 'bob' },
    outcome: 'denied',
    resource: { type: 'session', id: 's7' },
    time: '2026-11-21T12:00:00.000Z',
    details: { note: 'Größe' },
  };
  const matches = (...argv: string[]) =>
    filterOf(read(FILTER_OPTIONS, ['a', ...argv]))(Buffer.from(JSON.stringify(event)));

  it.each([
    [[], true],
    [['--action', 'session.created'], true],
    [['--action', 'session'], false],
    [['--actor', 'bob', '--outcome', 'denied'], true],
    [['--actor', 'bob', '--outcome', 'success'], false],
    [['--resource', 's7'], true],
    [['--text', 'GRÖSSE'], false],
    [['--text', 'größe'], true],
    [['--text', 'SESSION.CREATED'], true],
    [['--since', '2026-11-21'], true],
    [['--since', '2026-11-21T12:00:00Z'], true],
    [['--since', '2026-11-21T12:00:01Z'], false],
    [['--until', '2026-11-21T12:00:00Z'], false],
    [['--until', '2026-11-22'], true],
  ])('%j: %j', (argv, expected) => {
    expect(matches(...argv)).toBe(expected);
  });

  it('finds nothing in what is no event but by its text', () => {
    const filter = (...argv: string[]) => filterOf(read(FILTER_OPTIONS, ['a', ...argv]));
    expect(filter('--actor', 'bob')(Buffer.from('no event'))).toBe(false);
    expect(filter('--text', 'NO EVENT')(Buffer.from('no event'))).toBe(true);
  });

  it('refuses an outcome that no entry has', () => {
    expect(() => matches('--outcome', 'refused')).toThrow(
      '--outcome must be one of pending, success, failure, denied',
    );
  });

  it('refuses times that are none', () => {
    expect(() => matches('--until', 'soon')).toThrow('--until must be a time such as 2026-11-21T12:00:00Z');
  });
});

/** A terminal and what was written to it. */
function screen(isTTY: boolean) {
  const clock = manualClock();
  const said = { out: '', err: '' };
  const stream = (name: 'out' | 'err') =>
    Object.assign(
      new PassThrough().on('data', (chunk: Buffer) => (said[name] += chunk.toString())),
      { isTTY },
    );
  const { signal } = new AbortController();
  const terminal = new Terminal({
    stdout: stream('out'),
    stderr: stream('err'),
    stdin: Readable.from([]),
    clock,
    signal,
    unread: signal,
  });
  return { terminal, clock, said };
}

describe('Terminal', () => {
  it('keeps results and remarks apart', async () => {
    const { terminal, said } = screen(false);
    terminal.line('result');
    terminal.remark('remark');
    terminal.json({ a: 1 });
    await terminal.write('raw');
    await new Promise(setImmediate);
    expect(said).toEqual({ out: 'result\n{"a":1}\nraw', err: 'remark\n' });
  });

  it('shows progress to eyes only, ten times a second at most, and removes it', async () => {
    const { terminal, clock, said } = screen(true);
    terminal.progress(() => 'one');
    terminal.progress(() => 'two');
    await clock.advance(100);
    terminal.progress(() => 'three');
    terminal.line('result');
    terminal.line('another');
    await new Promise(setImmediate);
    expect(said.err).toBe('\r\u001b[Kone\r\u001b[Kthree\r\u001b[K');
    const pipe = screen(false);
    pipe.terminal.progress(() => 'one');
    await new Promise(setImmediate);
    expect(pipe.said.err).toBe('');
  });

  it('waits for a reader that is slower', async () => {
    const stdout = new PassThrough({ highWaterMark: 1 });
    const { signal } = new AbortController();
    const terminal = new Terminal({
      stdout,
      stderr: stdout,
      stdin: Readable.from([]),
      clock: manualClock(),
      signal,
      unread: signal,
    });
    let written = false;
    const writing = terminal.write('much').then(() => (written = true));
    await new Promise(setImmediate);
    expect(written).toBe(false);
    stdout.resume();
    await writing;
  });

  it('writes numbers for reading', () => {
    expect([
      count(1_234_567),
      counted(1, 'entry', 'entries'),
      counted(2_000, 'entry', 'entries'),
      counted(0, 'tree'),
    ]).toEqual(['1,234,567', '1 entry', '2,000 entries', '0 trees']);
  });
});

describe('entryLine and entryValue', () => {
  const plain = { style: (_: string, text: string) => text };
  const line = (event: unknown) => entryLine(7, Buffer.from(JSON.stringify(event)), plain);

  it('shows what is there, and a dash for what is not', () => {
    expect(line({})).toBe('       7  -  -  -  -  -');
    expect(line({ action: 'a', actor: {}, resource: {} })).toBe('       7  -  a  -  -  - -');
    expect(line({ action: 5, outcome: null, actor: { id: { x: 1 } } })).toBe('       7  -  5  -  {"x":1}  -');
  });

  it('lets nothing through that steers a terminal or turns text around', () => {
    const nasty = '\u001b]0;title\u0007\u009b31m\u202etxt\u2028\r\n\u0000';
    expect(line({ action: nasty })).toBe('       7  -  ·]0;title··31m·txt····  -  -  -');
  });

  it('keeps what is no event', () => {
    expect(line('text')).toBe('       7  (6 bytes that are no event)');
    expect(entryValue(7, Buffer.from('x'))).toEqual({ index: 7, base64: 'eA==' });
    expect(entryValue(7, Buffer.from('{"a":1}'))).toEqual({ index: 7, event: { a: 1 } });
  });
});

describe('trust', () => {
  const signer = generateSigner();
  const witness = generateSigner();
  const files = () => {
    const dir = tempFolder();
    const write = (name: string, text: string) => {
      writeFileSync(path.join(dir, name), text);
      return path.join(dir, name);
    };
    return {
      key: write('key', `${vkeyOf('audit.example/prod', signer)}\n`),
      policy: write(
        'policy',
        `log ${vkeyOf('audit.example/other', generateSigner())}\nwitness w ${witnessVkeyOf('w', witness)}\nquorum w\n`,
      ),
      witnesses: write('witnesses', `witness w ${witnessVkeyOf('w', witness)}\nquorum w\n`),
    };
  };
  const args = (...argv: string[]) => read(TRUST_OPTIONS, ['a', ...argv]);

  it('is a key, a policy, or the log of one and the witnesses of the other', async () => {
    const { key, policy } = files();
    expect(await readTrust(args())).toBeUndefined();
    expect(await readTrust(args('--key', key))).toMatchObject({
      logs: [{ verifier: { name: 'audit.example/prod' } }],
      witnesses: [],
    });
    expect(await readTrust(args('--policy', policy))).toMatchObject({
      logs: [{ verifier: { name: 'audit.example/other' } }],
    });
    expect(await readTrust(args('--policy', policy, '--key', key))).toMatchObject({
      logs: [{ verifier: { name: 'audit.example/prod' } }],
      witnesses: [{ name: 'w' }],
      quorum: { kind: 'witness', name: 'w' },
    });
  });

  it('must name a log', async () => {
    const { witnesses, key } = files();
    await expect(requireTrust(args())).rejects.toThrow('whom to trust?');
    await expect(requireTrust(args('--policy', witnesses))).rejects.toThrow(UsageError);
    await expect(requireTrust(args('--policy', witnesses, '--key', key))).resolves.toBeDefined();
  });
});

describe('trees', () => {
  it('are those of all tenants, by name, and of nothing else in the folder', async () => {
    const dir = tempFolder();
    for (const name of ['b', 'a', '~41cme', 'Acme'])
      writeLog(path.join(dir, 'logs', name), await buildLog({ entries: numbered(1) }));
    mkdirSync(path.join(dir, 'logs/empty'));
    expect((await findTrees(dir, undefined)).map(({ tenant }) => tenant)).toEqual(['a', 'b', 'Acme']);
    expect((await findTree(dir, 'Acme')).tenant).toBe('Acme');
    await expect(findTree(dir, undefined)).rejects.toThrow('several tenants; name one with --tenant NAME');
    expect(await findTrees(dir, 'c')).toEqual([]);
    await expect(findTree(dir, 'c')).rejects.toThrow('there is no tenant "c" in this log');
  });

  it('may be one of its own', async () => {
    const dir = tempFolder();
    writeLog(dir, await buildLog({ entries: numbered(1) }));
    expect(await findTrees(dir, undefined)).toMatchObject([{ tenant: undefined }]);
    await expect(findTrees(tempFolder(), undefined)).rejects.toThrow('is no audit log');
    mkdirSync(path.join(dir, 'empty/logs'), { recursive: true });
    await expect(findTree(path.join(dir, 'empty'), undefined)).rejects.toThrow('the log has no entries yet');
  });

  it('have the origin that the trusted key tells', () => {
    const tree = { tenant: 'Acme', source: { read: async () => undefined }, readAhead: 1 };
    const policyOf = (...names: string[]) => ({
      ...trustLog(vkeyOf('x', generateSigner())),
      logs: names.flatMap((name) => trustLog(vkeyOf(name, generateSigner())).logs),
    });
    expect(originOf(tree, policyOf('audit.example'))).toBe('audit.example/~41cme');
    expect(originOf(tree, policyOf('audit.example/~41cme'))).toBe('audit.example/~41cme');
    expect(originOf(tree, policyOf('a', 'b'))).toBeUndefined();
    expect(originOf({ ...tree, tenant: undefined }, policyOf('audit.example'))).toBeUndefined();
  });
});

describe('key files', () => {
  it('are written for the owner alone, and read back', async () => {
    const file = path.join(tempFolder(), 'key');
    const { privateKey } = generateKeyPair('audit.example/prod');
    await writePrivateKey(file, privateKey);
    expect(readFileSync(file, 'utf8')).toBe(`${privateKey}\n`);
    const { name, signer } = await readSigner(file);
    expect([name, Buffer.from(signer.publicKey)]).toEqual([
      'audit.example/prod',
      Buffer.from(signerFrom(privateKey).signer.publicKey),
    ]);
    await expect(writePrivateKey(file, privateKey)).rejects.toMatchObject({ code: 'EEXIST' });
  });

  it.each([0o644, 0o640, 0o604, 0o610])('are refused with the mode %o', async (mode) => {
    const file = path.join(tempFolder(), 'key');
    writeFileSync(file, generateKeyPair('x').privateKey, { mode });
    await expect(readSigner(file)).rejects.toThrow(
      `has the mode 0${mode.toString(8)}: run chmod 600 ${file}`,
    );
  });
});
