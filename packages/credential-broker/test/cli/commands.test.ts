import { chmodSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { PROGRAM } from '../../src/cli/main.ts';
import { run, runProcess, type, workplace } from './rig.ts';

async function filled() {
  const place = workplace();
  const { vault, key } = place;
  await run(['init', vault, ...key]);
  await run(
    ['add', vault, 'prod/db', '--field', 'username', '--field', 'password', ...key],
    'orders\nhunter2\n',
  );
  return place;
}

describe('holdfast-vault', () => {
  it('does everything from the first day to the last', async () => {
    const { vault, key, file } = workplace();
    expect(await run(['init', vault, ...key])).toEqual({
      status: 0,
      stdout: `made   ${vault}\n`,
      stderr: '',
    });
    expect(await run(['list', vault, ...key])).toMatchObject({
      status: 0,
      stdout: '',
      stderr: 'the vault is empty\n',
    });
    const fields = ['--field', 'username', '--field', 'password'];
    expect((await run(['add', vault, 'prod/db', ...fields, ...key], 'orders\nhunter2\n')).stdout).toBe(
      'added  prod/db\n',
    );
    expect((await run(['add', vault, 'pem', ...key], '-----BEGIN\nx\n-----END\n')).status).toBe(0);
    expect((await run(['list', vault, ...key])).stdout).toBe('pem  version 1\nprod/db  version 1\n');
    expect((await run(['show', vault, 'prod/db', ...key])).stdout).toBe(
      'username  6 bytes\npassword  7 bytes\n',
    );
    expect((await run(['show', vault, 'pem', '--field', 'value', '--reveal', ...key])).stdout).toBe(
      '-----BEGIN\nx\n-----END\n',
    );
    expect((await run(['rotate', vault, 'prod/db', '--field', 'password', ...key], 'new')).stdout).toBe(
      'rotated  prod/db, version 2\n',
    );
    const next = ['--key-file', file('next.key', 'cd'.repeat(32))];
    expect((await run(['rotate', vault, ...key, '--new-key-file', file('next.key')])).status).toBe(0);
    expect((await run(['list', vault, ...key])).status).toBe(1);
    const backup = file('backup.vault');
    expect((await run(['export', vault, backup, ...next, '--new-key-file', file('vault.key')])).stdout).toBe(
      `exported  2 to ${backup}\n`,
    );
    expect((await run(['remove', vault, 'prod/db', ...next])).stdout).toBe('removed  prod/db\n');
    const otherKey = ['--other-key-file', file('vault.key')];
    expect((await run(['import', vault, backup, ...next, ...otherKey])).status).toBe(2);
    expect((await run(['import', vault, backup, ...next, ...otherKey, '--replace'])).stdout).toBe(
      `imported  2 from ${backup}\n`,
    );
    expect((await run(['show', vault, 'prod/db', '--reveal', ...next])).stdout).toBe(
      'username  orders\npassword  new\n',
    );
    expect(readFileSync(backup, 'utf8')).not.toContain('new');
  });

  it('answers programs in JSON', async () => {
    const { vault, key, file } = await filled();
    const json = async (...args: string[]) =>
      JSON.parse((await run([...args, '--json', ...key], 'x')).stdout) as unknown;
    expect(await json('list', vault)).toEqual({
      revision: 2,
      credentials: [{ name: 'prod/db', version: 1 }],
    });
    expect(await json('show', vault, 'prod/db')).toEqual({
      name: 'prod/db',
      fields: [
        { field: 'username', bytes: 6 },
        { field: 'password', bytes: 7 },
      ],
    });
    expect(await json('show', vault, 'prod/db', '--reveal', '--field', 'password')).toEqual({
      name: 'prod/db',
      fields: [{ field: 'password', bytes: 7, value: 'hunter2' }],
    });
    expect(await json('add', vault, 'a')).toEqual({ name: 'a', version: 1, revision: 3 });
    expect(await json('rotate', vault, 'a')).toEqual({ name: 'a', version: 2, revision: 4 });
    expect(await json('rotate', vault, '--new-key-file', file('vault.key'))).toEqual({ vault, revision: 5 });
    expect(await json('remove', vault, 'a')).toEqual({ name: 'a', revision: 6 });
    const to = file('to');
    expect(await json('export', vault, to, '--new-key-file', file('vault.key'))).toEqual({
      vault: to,
      credentials: 1,
    });
    expect(await json('import', vault, to, '--replace', '--other-key-file', file('vault.key'))).toEqual({
      vault,
      credentials: 1,
    });
    expect(await json('init', file('new.vault'))).toEqual({ vault: file('new.vault'), revision: 1 });
  });

  it('asks whoever types, and shows nothing of it', async () => {
    const { vault, file } = workplace();
    const made = await type(['init', vault], 'passé\u007f\rpass\u0004');
    expect(made).toEqual({
      status: 0,
      stdout: `made   ${vault}\n`,
      stderr: 'New passphrase: \nNew passphrase, again: \n',
      shown: false,
    });
    const added = await type(['add', vault, 'a'], 'pass\rsécret\r');
    expect(added).toMatchObject({ status: 0, stderr: 'Passphrase: \nvalue: \n', shown: false });
    expect(`${added.stdout}${added.stderr}`).not.toContain('pass\r');
    const passphrase = ['--passphrase-file', file('pass', 'pass\n')];
    expect((await run(['show', vault, 'a', '--field', 'value', '--reveal', ...passphrase])).stdout).toBe(
      'sécret\n',
    );
    expect(await type(['init', file('other')], 'a\rb\r')).toMatchObject({ status: 2 });
    expect(await type(['list', vault], 'pa\u0003')).toMatchObject({ status: 130, stdout: '' });
  });

  it('takes a line that was pasted, and refuses several, of which it would keep the first', async () => {
    const { vault, key } = await filled();
    const pem = '-----BEGIN KEY-----\rMIIEvQ\r-----END KEY-----\r';
    for (const args of [
      ['add', vault, 'pem', ...key],
      ['rotate', vault, 'prod/db', '--field', 'password', ...key],
    ]) {
      const refused = await type(args, '', pem);
      expect(refused).toMatchObject({ status: 2, stdout: '', shown: false });
      expect(refused.stderr).toContain('more than a line was pasted');
      expect(refused.stderr).not.toContain('MII');
    }
    expect((await run(['show', vault, 'pem', ...key])).status).toBe(2);
    expect(await type(['add', vault, 'one', ...key], '', 'secret\r\n')).toMatchObject({ status: 0 });
    expect(
      await type(['add', vault, 'two', '--field', 'a', '--field', 'b', ...key], '', 'x\ry\r'),
    ).toMatchObject({
      status: 0,
    });
    expect((await run(['show', vault, 'two', ...key])).stdout).toBe('a  1 bytes\nb  1 bytes\n');
  });

  it('takes of a pipe one new passphrase, or the same twice', async () => {
    const { file } = workplace();
    expect(await run(['init', file('a.vault')], 'correct\n')).toMatchObject({ status: 0 });
    expect(await run(['init', file('b.vault')], 'correct\r\ncorrect\r\n')).toMatchObject({ status: 0 });
    for (const vault of ['a.vault', 'b.vault'])
      expect(await run(['list', file(vault)], 'correct')).toMatchObject({ status: 0 });
    const refused = await run(['init', file('c.vault')], 'correct\nhorse\n');
    expect(refused).toMatchObject({ status: 2, stderr: 'holdfast-vault: the two are not the same\n' });
    expect(await run(['list', file('c.vault')], 'correct')).toMatchObject({ status: 3 });
  });

  it('takes a passphrase of any bytes, from a file as from a pipe', async () => {
    const { vault, file } = workplace();
    const [bytes, other] = [Buffer.alloc(32, 0xff), Buffer.alloc(32, 0x80)];
    const passphrase = ['--passphrase-file', file('pass', Buffer.concat([bytes, Buffer.from('\r\n')]))];
    expect(await run(['init', vault, ...passphrase])).toMatchObject({ status: 0 });
    expect(await run(['list', vault, ...passphrase])).toMatchObject({ status: 0 });
    expect(await run(['list', vault], bytes)).toMatchObject({ status: 0 });
    expect(await run(['list', vault, '--passphrase-file', file('other', other)])).toMatchObject({
      status: 1,
    });
    expect(await run(['list', vault], other)).toMatchObject({ status: 1 });
  });

  it('keeps fields of every name, and those that are no text', async () => {
    const { vault, key } = await filled();
    const names = ['__proto__', 'constructor', 'a'];
    const fields = names.flatMap((name) => ['--field', name]);
    await run(['add', vault, 'odd', ...fields, ...key], 'x\nyy\nzzz');
    const shown = '__proto__  1 bytes\nconstructor  2 bytes\na  3 bytes\n';
    expect((await run(['show', vault, 'odd', ...key])).stdout).toBe(shown);
    await run(['rotate', vault, 'odd', '--field', '__proto__', ...key], 'four');
    expect((await run(['show', vault, 'odd', '--field', '__proto__', '--reveal', ...key])).stdout).toBe(
      'four\n',
    );
    const bytes = Buffer.from([0xff, 0x00, 0x80]);
    await run(['add', vault, 'bin', ...key], bytes);
    const refused = await run(['show', vault, 'bin', '--reveal', ...key]);
    expect(refused).toMatchObject({ status: 2, stdout: '' });
    expect(refused.stderr).toContain('value is no text; --json shows it in base64');
    const { stdout } = await run(['show', vault, 'bin', '--reveal', '--json', ...key]);
    expect(JSON.parse(stdout)).toEqual({
      name: 'bin',
      fields: [{ field: 'value', bytes: 3, base64: bytes.toString('base64') }],
    });
  });

  it('takes lines of every system, and leaves all other bytes alone', async () => {
    const { vault, key } = await filled();
    await run(['add', vault, 'a', '--field', 'b', '--field', 'c', ...key], 'one\r\n two \r\n');
    await run(['add', vault, 'pem', ...key], 'x\r\ny\n\n');
    expect((await run(['show', vault, 'a', '--reveal', ...key])).stdout).toBe('b  one\nc   two \n');
    expect((await run(['show', vault, 'pem', '--reveal', '--field', 'value', ...key])).stdout).toBe(
      'x\r\ny\n\n',
    );
  });

  it('never takes a secret as an argument, and repeats nothing that might be one', async () => {
    const { vault, key } = await filled();
    for (const args of [
      ['add', vault, 'a', 'canary', ...key],
      ['add', vault, 'a', '--value', 'canary', ...key],
      ['add', vault, 'a', '--canary', ...key],
      ['canary', vault],
      ['add', vault, 'canary secret', ...key],
    ]) {
      const { status, stdout, stderr } = await run(args, 'x');
      expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
      expect(stderr).not.toContain('canary');
    }
  });

  it('says what is wrong, in words and in its exit code', async () => {
    const { vault, key, file, dir } = await filled();
    const failing = async (status: number, message: string, ...args: string[]) => {
      const ran = await run(args, 'x\n');
      expect(ran).toMatchObject({ status, stdout: '' });
      expect(ran.stderr).toContain(`holdfast-vault: ${message}`);
    };
    await failing(2, 'there is a file already', 'init', vault, ...key);
    await failing(2, 'there is a credential of that name; rotate', 'add', vault, 'prod/db', ...key);
    await failing(2, 'the vault has no such credential; add', 'rotate', vault, 'nothing', ...key);
    for (const how of [['--reveal'], ['--json'], []]) {
      await failing(
        2,
        'the credential has no such field',
        'show',
        vault,
        'prod/db',
        '--field',
        'x',
        ...how,
        ...key,
      );
    }
    await failing(2, '--field needs the name', 'rotate', vault, '--field', 'password', ...key);
    for (const option of ['--new-key-file', '--new-passphrase-file']) {
      await failing(2, `${option} is for the whole vault`, 'rotate', vault, 'prod/db', option, 'x', ...key);
    }
    await failing(2, 'the vault has no such credential', 'show', vault, 'nothing', ...key);
    await failing(2, 'the vault has no such credential', 'remove', vault, 'nothing', ...key);
    await failing(2, 'a name has 1 to 8 parts', 'add', vault, 'a b', ...key);
    await failing(2, 'a field was named twice', 'add', vault, 'a', '--field', 'b', '--field', 'b', ...key);
    await failing(2, 'list takes VAULT', 'list');
    await failing(2, '--key-file may be given once', 'list', vault, ...key, ...key);
    await failing(
      2,
      '--passphrase-file and --key-file exclude',
      'list',
      vault,
      ...key,
      '--passphrase-file',
      'x',
    );
    await failing(2, 'a key has 32 bytes', 'list', vault, '--key-file', file('short', 'abcd'));
    await failing(2, 'others may read', 'list', vault, '--key-file', file('open', 'ab'.repeat(32), 0o644));
    for (const option of ['--passphrase-file', '--key-file']) {
      // Who mistakes the option types the secret itself.
      const missing = await run(['list', vault, option, 'canary-hunter2']);
      expect(missing).toMatchObject({ status: 3, stdout: '' });
      expect(missing.stderr).toBe(`holdfast-vault: the file of ${option} cannot be read: ENOENT\n`);
      const open = await run(['list', vault, option, file('canary-hunter3', 'x', 0o640)]);
      expect(open.stderr).toMatch(
        new RegExp(`^holdfast-vault: others may read the file of ${option}: run chmod 600`),
      );
      expect(open).toMatchObject({ status: 2, stdout: '' });
      expect(missing.stderr + open.stderr).not.toContain('canary');
    }
    await failing(
      3,
      'the file of --new-key-file cannot be read',
      'rotate',
      vault,
      ...key,
      '--new-key-file',
      'x',
    );
    await failing(3, 'the file of --key-file cannot be read: EISDIR', 'list', vault, '--key-file', dir);
    await failing(
      2,
      'the passphrase must not be empty',
      'list',
      vault,
      '--passphrase-file',
      file('none', '\n'),
    );
    await failing(3, 'there is no vault', 'list', file('nothing'), ...key);
    await failing(3, 'what is at this place is no file', 'list', dir, ...key);
    await failing(3, 'what is at this place is no file', 'list', '/dev/zero', ...key);
    symlinkSync(vault, file('link'));
    await failing(3, 'what is at this place is a link', 'list', file('link'), ...key);
    await failing(3, 'there is no such folder', 'init', file('nowhere/a.vault'), ...key);
    await failing(2, 'a name has 1 to 8 parts', 'add', vault, '../a', ...key);
    await failing(2, 'a name has 1 to 8 parts', 'add', vault, 'a/./b', ...key);
    await failing(2, 'a name has 1 to 8 parts', 'add', vault, 'a/..', ...key);
    expect((await run(['add', vault, 'a/...b', ...key], 'x')).status).toBe(0);
    await failing(3, 'there is no vault', 'remove', file('nothing'), 'a', ...key);
    await failing(1, 'the vault is opened by a key', 'list', vault);
    await failing(1, 'the vault does not open', 'list', vault, '--key-file', file('other', '00'.repeat(32)));
    chmodSync(vault, 0o644);
    await failing(1, 'the vault has the mode 0644', 'list', vault, ...key);
    chmodSync(vault, 0o600);
    writeFileSync(vault, readFileSync(vault, 'utf8').replace('"version":1', '"version":2'));
    await failing(1, 'the vault is damaged, or somebody changed it', 'list', vault, ...key);
    expect((await run(['show', vault, 'a', ...key, '--field', 'x'])).status).toBe(1);
    expect((await run(['add', vault, 'empty', ...key], '')).stderr).toContain('a field must not be empty');
  });

  it('teaches', async () => {
    const { status, stdout, stderr } = runProcess([]);
    expect({ status, stderr }).toEqual({ status: 2, stderr: '' });
    expect(stdout).toBe((await run(['--help'])).stdout);
    for (const { name, summary, examples } of PROGRAM.commands) {
      expect(stdout).toContain(summary);
      const help = (await run([name, '--help'])).stdout;
      expect(help).toBe((await run(['help', name])).stdout);
      for (const [line, purpose] of examples) {
        expect(line).toMatch(new RegExp(`^holdfast-vault ${name} `));
        expect(help).toContain(`  # ${purpose}\n  ${line}`);
      }
      expect(help.split('\n').every((line) => line.length <= 120)).toBe(true);
    }
  });

  it('is a process that ends by itself', async () => {
    const { vault, file } = workplace();
    const pass = ['--passphrase-file', file('pass', 'correct horse')];
    expect(runProcess(['init', vault], 'correct horse\n')).toEqual({
      status: 0,
      stdout: `made   ${vault}\n`,
      stderr: '',
    });
    expect(runProcess(['add', vault, 'a', ...pass], 'secret\n').status).toBe(0);
    expect(runProcess(['list', vault], 'wrong\n').status).toBe(1);
  });
});
