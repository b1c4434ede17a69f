import { chmodSync, readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { openAudit, signerFrom, type AuditEvent } from '@holdfast/audit';
import { systemClock } from '@holdfast/pipeline';
import { ORIGIN, run, tempFolder } from './rig.ts';

const DAY_MS = 86_400_000;

/** A log that its service has written and closed, with the files that its operator has. */
async function written(events: readonly AuditEvent[], fields?: readonly string[]) {
  const top = tempFolder();
  const [dir, key] = [path.join(top, 'log'), path.join(top, 'audit.key')];
  await run(['keygen', ORIGIN, '--out', key]);
  const { signer } = signerFrom(readFileSync(key, 'utf8'));
  const options = { dir, origin: ORIGIN, signer, index: false, ackTimeoutMs: Infinity, maxIds: 0 };
  const open = () => openAudit({ ...options, ...(fields ? { personal: { fields } } : {}) });
  const log = await open();
  await Promise.all(events.map((event) => log.append(event)));
  await log.close();
  const verify = () => run(['verify', dir, '--key', `${key}.pub`, '--json']);
  return { dir, key, open, verify, trust: ['--key', `${key}.pub`] as const };
}

const logins = (count: number, atMs = Date.now()): AuditEvent[] =>
  Array.from({ length: count }, (_, i) => ({
    tenant: 'acme',
    action: i % 2 === 0 ? 'session.created' : 'session.terminated',
    actor: { type: 'user', id: i % 3 === 0 ? 'bob' : 'eve' },
    resource: { type: 'session', id: `s${i}` },
    outcome: i % 5 === 0 ? 'denied' : 'success',
    atMs: atMs + i,
  }));

describe('query', () => {
  it('finds entries by who, what, when and how it went, oldest first', async () => {
    const startMs = Date.UTC(2026, 10, 21);
    const { dir, trust } = await written(logins(300, startMs));
    const find = async (...args: string[]) => {
      const { stdout, stderr, status } = await run([
        'query',
        dir,
        '--tenant',
        'acme',
        ...trust,
        '--json',
        ...args,
      ]);
      expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
      return stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => (JSON.parse(line) as { index: number }).index);
    };
    expect(await find('--limit', '3')).toEqual([0, 1, 2]);
    expect(await find('--from', '297')).toEqual([297, 298, 299]);
    expect(await find('--actor', 'bob', '--action', 'session.created', '--limit', '3')).toEqual([0, 6, 12]);
    expect(await find('--outcome', 'denied', '--from', '290')).toEqual([290, 295]);
    expect(await find('--resource', 's17')).toEqual([17]);
    expect(await find('--text', 'S299"')).toEqual([299]);
    const until = new Date(startMs + 2).toISOString();
    expect(await find('--until', until)).toEqual([0, 1]);
    expect(await find('--since', new Date(startMs + 298).toISOString())).toEqual([298, 299]);
    expect(await find('--actor', 'nobody')).toEqual([]);
  });

  it('shows people a line each', async () => {
    const { dir, trust } = await written(logins(1, Date.UTC(2026, 10, 21)));
    const { stdout } = await run(['query', dir, '--tenant', 'acme', ...trust]);
    expect(stdout).toBe('       0  2026-11-21T00:00:00.000Z  session.created  denied  bob  session s0\n');
  });

  it('refuses a time that is none', async () => {
    const { dir, trust } = await written(logins(1));
    const { status, stderr } = await run([
      'query',
      dir,
      '--tenant',
      'acme',
      ...trust,
      '--since',
      'yesterday',
    ]);
    expect(status).toBe(2);
    expect(stderr).toContain('--since must be a time such as');
  });

  it('shows no entry that is not the one that was signed', async () => {
    const { dir, trust } = await written(logins(300));
    const file = path.join(dir, 'logs/acme/tile/entries/000');
    writeFileSync(file, readFileSync(file, 'latin1').replace('"eve"', '"bob"'), 'latin1');
    const { status, stdout } = await run(['query', dir, '--tenant', 'acme', ...trust, '--resource', 's1']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
  });
});

describe('export', () => {
  it.each([
    ['jsonl', 300],
    ['csv', 301],
    ['ocsf', 300],
  ])('writes %s', async (format, lines) => {
    const { dir, trust } = await written(logins(300));
    const { status, stdout } = await run(['export', dir, '--tenant', 'acme', ...trust, '--format', format]);
    expect(status).toBe(0);
    expect(stdout.trimEnd().split(/\r?\n/)).toHaveLength(lines);
    if (format === 'csv') return;
    expect(JSON.parse(stdout.split('\n')[0] ?? '')).toBeTypeOf('object');
  });

  it('writes what was asked for only', async () => {
    const { dir, trust } = await written(logins(300));
    const { stdout } = await run(['export', dir, '--tenant', 'acme', ...trust, '--resource', 's299']);
    expect(stdout.trimEnd().split('\n')).toHaveLength(1);
    expect((await run(['export', dir, '--tenant', 'acme', ...trust, '--format', 'xml'])).stderr).toContain(
      'one of jsonl, csv, ocsf',
    );
  });
});

describe('prune', () => {
  const policy = ['--keep-days', '30', '--name', '30 days'];

  it('shows what it would do, and does it when told so', async () => {
    const old = logins(600, Date.now() - 40 * DAY_MS);
    const { dir, key, verify, trust } = await written([...old, ...logins(10)]);
    const prune = (...args: string[]) =>
      run(['prune', dir, '--signer', key, '--tenant', 'acme', ...policy, ...args], '', systemClock);
    expect(await prune()).toEqual({
      status: 0,
      stdout: 'acme  512 entries to remove; begins with entry 512\n',
      stderr: 'nothing was removed; add --yes to do it\n',
    });
    expect(JSON.parse((await verify()).stdout)).toMatchObject({
      trees: [{ tenant: 'acme', minimumIndex: 0 }, {}],
    });
    expect(await prune('--yes', '--json')).toMatchObject({
      status: 0,
      stdout: '{"tenant":"acme","from":0,"minimumIndex":512,"done":true}\n',
    });
    expect((await prune('--yes')).stdout).toBe('acme  0 entries to remove; begins with entry 512\n');
    expect(JSON.parse((await verify()).stdout)).toMatchObject({
      ok: true,
      trees: [{ tenant: 'acme', minimumIndex: 512 }, {}],
    });
    const pruned = await run([
      'query',
      dir,
      '--tenant',
      'acme',
      ...trust,
      '--action',
      'audit.pruned',
      '--json',
    ]);
    expect(JSON.parse(pruned.stdout)).toMatchObject({
      event: { details: { minimumIndex: 512, policy: '30 days' } },
    });
    expect(
      (await run(['query', dir, '--tenant', 'acme', ...trust, '--limit', '1', '--json'])).stdout,
    ).toContain('"index":512');
    for (const command of ['tail', 'query', 'export']) {
      const args = [command, dir, '--tenant', 'acme', ...trust];
      const all = await run([...args, '--from', '0']);
      expect(all).toMatchObject({ status: 0, stderr: 'the entries before 512 were pruned\n' });
      expect(all.stdout.split('\n').length).toBe(100);
      expect((await run([...args, '--from', '512'])).stderr).toBe('');
    }
  });

  it('needs a policy with a name', async () => {
    const { dir, key } = await written(logins(1));
    expect((await run(['prune', dir, '--signer', key, '--keep-days', '1'])).stderr).toContain(
      'without a declared policy',
    );
    expect((await run(['prune', dir, '--signer', key, '--name', 'x'])).stderr).toContain(
      'without a declared policy',
    );
    expect((await run(['prune', dir, '--signer', key, '--tenant', 'x', ...policy])).stderr).toContain(
      'no tenant "x"',
    );
  });
});

describe('erase', () => {
  it('erases the personal values of a subject, and every proof still holds', async () => {
    const secret = 'bob.canary@example.org';
    const events = logins(3).map((event) => ({ ...event, subject: 'bob', details: { email: secret } }));
    const { dir, key, verify } = await written(events, ['details.email']);
    const holders = () =>
      readdirSync(dir, { recursive: true, withFileTypes: true })
        .filter((file) => file.isFile())
        .map((file) => path.join(file.parentPath, file.name))
        .filter((file) => readFileSync(file).includes(secret));
    expect(holders()).not.toEqual([]);
    const args = [
      'erase',
      dir,
      '--signer',
      key,
      '--tenant',
      'acme',
      '--subject',
      'bob',
      '--reason',
      'REQ-17',
    ];
    expect((await run(args)).stderr).toContain('add --yes');
    expect(await run([...args, '--yes'])).toEqual({
      status: 0,
      stdout: 'erased from 3 events; entry 3 of acme says so\n',
      stderr: '',
    });
    expect(holders()).toEqual([]);
    expect(JSON.parse((await verify()).stdout)).toMatchObject({ ok: true });
  });

  it('does not take a tenant that is misspelt for a new one, and says when there was nothing', async () => {
    const { dir, key } = await written(logins(3));
    const erase = (...args: string[]) => run(['erase', dir, '--signer', key, '--yes', ...args]);
    expect(await erase('--tenant', 'acmee', '--subject', 'bob')).toMatchObject({
      status: 2,
      stderr: 'holdfast-audit: there is no tenant "acmee" in this log\n',
    });
    expect((await erase('--subject', 'bob')).stderr).toContain('there is no tenant "default"');
    expect(readdirSync(path.join(dir, 'logs')).sort()).toEqual(['acme', 'holdfast-audit']);
    expect(await erase('--tenant', 'acme', '--subject', 'bobb')).toEqual({
      status: 0,
      stdout: 'erased from 0 events; entry 3 of acme says so\n',
      stderr: 'nothing was kept of this subject; is it the ID that the events have?\n',
    });
  });
});

describe('fsck', () => {
  it('tells what a log holds, and makes its index again', async () => {
    const { dir, key } = await written(logins(300));
    const plain = await run(['fsck', dir, '--signer', key]);
    expect(plain.status).toBe(0);
    expect(plain.stdout).toContain('ok  acme  300 entries\n');
    writeFileSync(path.join(dir, 'index.sqlite'), 'damaged');
    const { status, stdout } = await run(['fsck', dir, '--signer', key, '--repair-index', '--json']);
    expect(status).toBe(0);
    const { tenants, indexed } = JSON.parse(stdout) as { tenants: { size: number }[]; indexed: number };
    expect(indexed).toBe(tenants.reduce((sum, { size }) => sum + size, 0));
  });

  it('says where a log is damaged', async () => {
    const { dir, key } = await written(logins(300));
    const file = path.join(dir, 'logs/acme/checkpoint');
    writeFileSync(file, readFileSync(file, 'utf8').replace('\n300\n', '\n299\n'));
    const { status, stdout } = await run(['fsck', dir, '--signer', key]);
    expect(status).toBe(1);
    expect(stdout).toContain('BROKEN the audit log is damaged');
    const json = await run(['fsck', dir, '--signer', key, '--json']);
    expect(JSON.parse(json.stdout)).toMatchObject({
      ok: false,
      tenant: 'acme',
      file: 'logs/acme/checkpoint',
    });
  });
});

describe('commands that write', () => {
  it('take the key from a file that nobody else may read, and from nowhere else', async () => {
    const { dir, key } = await written(logins(1));
    expect((await run(['fsck', dir])).stderr).toContain('give its private key with --signer FILE');
    chmodSync(key, 0o640);
    const { status, stderr } = await run(['fsck', dir, '--signer', key]);
    expect(status).toBe(2);
    expect(stderr).toContain(`has the mode 0640: run chmod 600 ${key}`);
    chmodSync(key, 0o600);
    expect((await run(['fsck', dir, '--signer', `${key}.pub`])).stderr).toContain('this is no private key');
  });

  it('tell a key that is of another log from damage', async () => {
    const { dir, key } = await written(logins(1));
    for (const name of [ORIGIN, 'audit.example/other']) {
      const other = `${key}.${name.length}`;
      await run(['keygen', name, '--out', other]);
      const { status, stderr } = await run(['fsck', dir, '--signer', other]);
      expect(stderr).toMatch(/is not the key that signed logs\/(acme|holdfast-audit)\/checkpoint\n$/);
      expect(status).toBe(2);
    }
  });

  it('leave a log alone that its service has open', async () => {
    const { dir, key, open } = await written(logins(1));
    const log = await open();
    const { status, stderr } = await run(['fsck', dir, '--signer', key]);
    expect(status).toBe(3);
    expect(stderr).toContain('is open elsewhere; a log has one writer');
    await log.close();
  });

  it('look twice at what is no log', async () => {
    const { key } = await written(logins(1));
    expect((await run(['fsck', tempFolder(), '--signer', key])).stderr).toContain(
      'is no audit log: it has no wal/',
    );
  });
});
