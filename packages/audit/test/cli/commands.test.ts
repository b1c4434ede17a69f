import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { cosigner, generateSigner, signerFrom, verifierFrom, vkeyOf, witnessVkeyOf } from '@holdfast/audit';
import { addPartials, buildLog } from '../log-fixture.ts';
import { logDirectory, ORIGIN, run, tempFolder, tenantLog } from './rig.ts';

const damage = (file: string) => {
  const bytes = readFileSync(file);
  bytes.writeUInt8((bytes[20] ?? 0) ^ 1, 20);
  return bytes;
};

describe('verify', () => {
  it('shows each tree, and that all hold', async () => {
    const log = await logDirectory({ acme: 300, globex: 1 });
    expect(await run(['verify', log.dir, '--key', log.key])).toEqual({
      status: 0,
      stdout:
        'ok     audit.example/prod/acme  300 entries, all read\n' +
        'ok     audit.example/prod/globex  1 entry, all read\n' +
        '2 trees, all hold\n',
      stderr: '',
    });
  });

  it('shows where a log is broken, and exits with 1', async () => {
    const log = await logDirectory({ acme: 300, globex: 1 });
    const bundle = log.file('log/logs/acme/tile/entries/000');
    log.file('log/logs/acme/tile/entries/000', damage(bundle));
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key]);
    expect(status).toBe(1);
    expect(stdout).toBe(
      'BROKEN audit.example/prod/acme  300 entries, all read\n' +
        '       entry 0: changed  (tile/entries/000)\n' +
        'ok     audit.example/prod/globex  1 entry, all read\n' +
        '2 trees, 1 broken\n',
    );
  });

  it('tells programs the same', async () => {
    const log = await logDirectory({ acme: 300 });
    log.file('log/logs/acme/tile/entries/000', damage(log.file('log/logs/acme/tile/entries/000')));
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key, '--json']);
    expect(status).toBe(1);
    expect(JSON.parse(stdout)).toMatchObject({
      ok: false,
      missing: [],
      trees: [{ tenant: 'acme', ok: false, size: 300, findings: [{ kind: 'entry-changed', index: 0 }] }],
    });
  });

  it('does not take a tenant that has just come for one whose files are gone', async () => {
    const log = await logDirectory({ acme: 3 });
    mkdirSync(log.file('log/logs/young'));
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key]);
    expect({ status, stdout }).toEqual({
      status: 0,
      stdout: 'ok     audit.example/prod/acme  3 entries, all read\n',
    });
    log.rewrite('acme', tenantLog(log, 'acme'));
    rmSync(log.file('log/logs/acme/checkpoint'));
    expect((await run(['verify', log.dir, '--key', log.key])).status).toBe(1);
  });

  it('takes a file in the place of a tenant for a broken one, and goes on', async () => {
    const log = await logDirectory({ acme: 3, globex: 1 });
    log.file('log/logs/lost', 'a file');
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key]);
    expect(status).toBe(1);
    expect(stdout).toMatch(
      /^ok {5}.*\/acme .*\nok {5}.*\/globex .*\nBROKEN lost .*\n.*missing.*\n3 trees, 1 broken\n$/,
    );
  });

  it('knows from a kept checkpoint that there was a tenant', async () => {
    const log = await logDirectory({ acme: 3, globex: 1 });
    const kept = log.file('kept', readFileSync(log.file('log/logs/acme/checkpoint')));
    rmSync(log.file('log/logs/acme'), { recursive: true });
    const args = ['verify', log.dir, '--key', log.key, '--tenant', 'acme'];
    expect(await run(args)).toMatchObject({ status: 2 });
    const { status, stdout } = await run([...args, '--checkpoint', kept]);
    expect(status).toBe(1);
    expect(stdout).toContain('BROKEN audit.example/prod/acme  is not there; a checkpoint of it was kept in');
    const other = await run([
      'verify',
      log.dir,
      '--key',
      log.key,
      '--tenant',
      'globex',
      '--checkpoint',
      kept,
    ]);
    expect(other.status).toBe(2);
    expect(other.stderr).toContain('is a checkpoint of audit.example/prod/acme, not of tenant "globex"');
  });

  it('looks at one tenant, or at a tree of its own', async () => {
    const log = await logDirectory({ acme: 3, globex: 1 });
    const one = await run(['verify', log.dir, '--key', log.key, '--tenant', 'globex']);
    expect(one.stdout).toBe('ok     audit.example/prod/globex  1 entry, all read\n');
    const tree = await run(['verify', path.join(log.dir, 'logs/acme'), '--key', log.key]);
    expect(tree.stdout).toBe('ok     audit.example/prod/acme  3 entries, all read\n');
  });

  it('finds a rollback with a kept checkpoint, and only with it', async () => {
    const log = await logDirectory({ acme: 300, globex: 1 });
    const acme = tenantLog(log, 'acme');
    const kept = log.file('kept', await acme.checkpointAt(300));
    log.rewrite('acme', await buildLog({ ...acme, entries: acme.entries.slice(0, 200) }));
    expect((await run(['verify', log.dir, '--key', log.key])).status).toBe(0);
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key, '--checkpoint', kept]);
    expect(status).toBe(1);
    expect(stdout).toContain(
      'the log ends after 200 entries; a checkpoint that was signed earlier covers 300',
    );
  });

  it('finds that a tenant is gone of which a checkpoint was kept', async () => {
    const log = await logDirectory({ acme: 3, globex: 1 });
    const kept = log.file('kept', await tenantLog(log, 'acme').checkpointAt(3));
    rmSync(path.join(log.dir, 'logs/acme'), { recursive: true });
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key, '--checkpoint', kept]);
    expect(status).toBe(1);
    expect(stdout).toContain(
      `BROKEN audit.example/prod/acme  is not there; a checkpoint of it was kept in ${kept}`,
    );
  });

  it('finds the tree of another tenant in the place of one', async () => {
    const log = await logDirectory({ acme: 3, globex: 1 });
    log.rewrite('acme', tenantLog(log, 'globex'));
    const { status, stdout } = await run(['verify', log.dir, '--key', log.key]);
    expect(status).toBe(1);
    expect(stdout).toContain('checkpoint is of audit.example/prod/globex, not of audit.example/prod/acme');
  });

  it('asks for the witnesses of a policy', async () => {
    const log = await logDirectory({ acme: 300 });
    const witness = generateSigner();
    const w1 = witnessVkeyOf('w.example', witness);
    const policy = log.file('policy', `witness w1 ${w1}\nquorum w1\n`);
    const args = ['verify', log.dir, '--key', log.key, '--policy', policy];
    expect((await run(args)).stdout).toContain('cosigned by no witness: no quorum of the policy');
    const acme = tenantLog(log, 'acme');
    await addPartials(acme, 200);
    log.rewrite('acme', acme);
    log.file(
      'log/logs/acme/checkpoint.witnessed',
      await acme.checkpointAt(200, [cosigner('w.example', witness)]),
    );
    const { status, stdout } = await run(args);
    expect(status).toBe(0);
    expect(stdout).toContain('witnessed up to 200 entries by w1 at 20');
  });

  it('will not take a key on trust', async () => {
    const log = await logDirectory({ acme: 1 });
    const { status, stderr } = await run(['verify', log.dir]);
    expect(status).toBe(2);
    expect(stderr).toContain('whom to trust?');
  });

  it('says where a policy is wrong', async () => {
    const log = await logDirectory({ acme: 1 });
    const policy = log.file('policy', '# mine\nquorum nobody\n');
    const { status, stderr } = await run(['verify', log.dir, '--policy', policy]);
    expect(status).toBe(3);
    expect(stderr).toContain('line 2 of the policy: "nobody" is not defined');
  });

  it('says what it cannot read', async () => {
    const log = await logDirectory({ acme: 1 });
    expect((await run(['verify', '/nowhere', '--key', log.key])).stderr).toContain(
      '/nowhere is no audit log',
    );
    expect(await run(['verify', log.dir, '--key', '/nowhere'])).toMatchObject({ status: 3 });
    expect((await run(['verify', log.dir, '--key', log.key, '--tenant', 'x'])).stderr).toContain(
      'no tenant "x"',
    );
    expect((await run(['verify', log.dir, '--key', log.key, '--max-findings', '0'])).stderr).toContain(
      'number from 1',
    );
  });

  it('says that an empty log is empty', async () => {
    const log = await logDirectory({});
    expect(await run(['verify', log.dir, '--key', log.key])).toMatchObject({
      status: 0,
      stdout: 'the log has no entries yet\n',
    });
  });
});

describe('prove and check-proof', () => {
  it('make a proof that holds without the log', async () => {
    const log = await logDirectory({ acme: 300, globex: 1 });
    const [proof, entry] = [log.file('17.tlog-proof'), log.file('17.json')];
    const made = await run([
      'prove',
      log.dir,
      '17',
      '--tenant',
      'acme',
      '--out',
      proof,
      '--entry',
      entry,
      '--key',
      log.key,
    ]);
    expect(made).toEqual({ status: 0, stdout: '', stderr: '' });
    rmSync(log.dir, { recursive: true });
    const checked = await run(['check-proof', proof, entry, '--key', log.key]);
    expect(checked.stdout).toBe('holds  entry 17 of audit.example/prod/acme, which had 300 entries\n');
    const piped = await run(
      ['check-proof', proof, '-', '--key', log.key, '--json'],
      readFileSync(entry, 'utf8'),
    );
    expect(JSON.parse(piped.stdout)).toMatchObject({
      ok: true,
      origin: 'audit.example/prod/acme',
      index: 17,
      size: 300,
    });
    const other = await run(['check-proof', proof, '-', '--key', log.key], 'another entry');
    expect(other).toMatchObject({
      status: 1,
      stdout: 'broken this is not entry 17 of audit.example/prod/acme with 300 entries\n',
    });
    expect((await run(['check-proof', entry, entry, '--key', log.key, '--json'])).stdout).toContain(
      '"fault":"malformed"',
    );
  });

  it('use what witnesses cosigned where that covers the entry', async () => {
    const log = await logDirectory({ acme: 300 });
    const acme = tenantLog(log, 'acme');
    const witness = generateSigner();
    const policy = log.file(
      'policy',
      `log ${readFileSync(log.key, 'utf8').trim()}\nwitness w1 ${witnessVkeyOf('w.example', witness)}\nquorum w1\n`,
    );
    await addPartials(acme, 200);
    log.rewrite('acme', acme);
    log.file(
      'log/logs/acme/checkpoint.witnessed',
      await acme.checkpointAt(200, [cosigner('w.example', witness)]),
    );
    const old = await run(['prove', log.dir, '17', '--policy', policy]);
    expect(old.status).toBe(0);
    expect(old.stdout).toContain('\n200\n');
    const proof = log.file('17.tlog-proof', old.stdout);
    const checked = await run([
      'check-proof',
      proof,
      log.file('17.json', acme.entries[17]),
      '--policy',
      policy,
    ]);
    expect(checked.stdout).toContain('cosigned by w1 (20');
    expect(await run(['prove', log.dir, '250', '--policy', policy])).toMatchObject({ status: 1 });
    expect((await run(['prove', log.dir, '250'])).stdout).toContain('\n300\n');
  });

  it('prove nothing of a log that is damaged there', async () => {
    const log = await logDirectory({ acme: 300 });
    log.file('log/logs/acme/tile/entries/000', damage(log.file('log/logs/acme/tile/entries/000')));
    const { status, stderr } = await run(['prove', log.dir, '0']);
    expect(status).toBe(1);
    expect(stderr).toContain('entry 0 is not the one that was signed');
  });

  it('say which entries there are', async () => {
    const log = await logDirectory({ acme: 3, globex: 1 });
    expect((await run(['prove', log.dir, '3', '--tenant', 'acme'])).stderr).toContain(
      'no checkpoint covers entry 3 yet',
    );
    expect((await run(['prove', log.dir, '3'])).stderr).toContain(
      'several tenants; name one with --tenant NAME',
    );
    expect(await run(['prove', log.dir, 'x'])).toMatchObject({ status: 2 });
    expect(await run(['prove', log.dir])).toMatchObject({ status: 2 });
  });
});

describe('tail', () => {
  it('shows the last entries on a line each', async () => {
    const log = await logDirectory({ acme: 300 });
    const { status, stdout } = await run(['tail', log.dir, '--key', log.key, '--lines', '2']);
    expect(status).toBe(0);
    expect(stdout).toBe('     298  -  test.done  -  -  -\n     299  -  test.done  -  -  -\n');
  });

  it('shows who did what, without letting an entry steer the terminal', async () => {
    const log = await logDirectory({ acme: 1 });
    const event = {
      ...{ time: '2026-11-21T12:00:00.000Z', action: 'session.created', outcome: 'denied' },
      ...{ actor: { id: 'eve\u001b[2J' }, resource: { type: 'session', id: 's\n7' }, reason: 'no right' },
    };
    const entries = [Buffer.from(JSON.stringify(event)), Buffer.from('no event')];
    log.rewrite('acme', await buildLog({ ...tenantLog(log, 'acme'), entries }));
    const { stdout } = await run(['tail', log.dir, '--key', log.key]);
    expect(stdout).toBe(
      '       0  2026-11-21T12:00:00.000Z  session.created  denied  eve·[2J  session s·7  no right\n' +
        '       1  (8 bytes that are no event)\n',
    );
    const json = await run(['tail', log.dir, '--key', log.key, '--json', '--from', '0']);
    expect(
      json.stdout
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line) as unknown),
    ).toEqual([
      { index: 0, event },
      { index: 1, base64: Buffer.from('no event').toString('base64') },
    ]);
  });

  it('stops at an entry that is not the one that was signed', async () => {
    const log = await logDirectory({ acme: 300 });
    log.file('log/logs/acme/tile/entries/000', damage(log.file('log/logs/acme/tile/entries/000')));
    const { status, stdout, stderr } = await run(['tail', log.dir, '--key', log.key, '--from', '0']);
    expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
    expect(stderr).toContain('entry 0 is not the one that was signed');
  });

  it('shows nothing of a log that it cannot trust', async () => {
    const log = await logDirectory({ acme: 3 });
    const stranger = log.file('stranger', vkeyOf(ORIGIN, generateSigner()));
    expect(await run(['tail', log.dir, '--key', stranger])).toMatchObject({ status: 1, stdout: '' });
  });
});

describe('what does nothing but show', () => {
  const gone = AbortSignal.abort(Object.assign(new Error('nobody reads'), { code: 'EPIPE' }));

  it.each(['query', 'export'])('ends while %s finds nothing', async (command) => {
    const log = await logDirectory({ acme: 3 });
    const args = [command, log.dir, '--key', log.key, '--actor', 'nobody'];
    const interrupted = await run(args, '', undefined, {
      signal: AbortSignal.abort(new Error('interrupted')),
    });
    expect(interrupted).toEqual({ status: 130, stdout: '', stderr: 'interrupted\n' });
  });

  it('ends while tail waits for entries', async () => {
    const log = await logDirectory({ acme: 3 });
    const args = ['tail', log.dir, '--key', log.key, '--lines', '0', '--follow'];
    expect(await run(args, '', undefined, { unread: gone })).toEqual({ status: 0, stdout: '', stderr: '' });
  });
});

describe('keygen', () => {
  it('writes keys, the private one for the owner alone, and prints only the public one', async () => {
    const file = path.join(tempFolder(), 'audit.key');
    const { status, stdout, stderr } = await run(['keygen', ORIGIN, '--out', file]);
    expect(status).toBe(0);
    expect(stderr).toBe(`private key in ${file}, verifier key in ${file}.pub\n`);
    expect(stdout).toBe(readFileSync(`${file}.pub`, 'utf8'));
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const { name, signer } = signerFrom(readFileSync(file, 'utf8'));
    expect(vkeyOf(name, signer)).toBe(stdout.trim());
    expect(stdout + stderr).not.toContain('PRIVATE');
  });

  it('makes keys of witnesses', async () => {
    const file = path.join(tempFolder(), 'w1.key');
    const { stdout } = await run(['keygen', 'witness.example/w1', '--witness', '--out', file, '--json']);
    const { verifierKey } = JSON.parse(stdout) as { verifierKey: string };
    expect(verifierFrom(verifierKey)).toMatchObject({ name: 'witness.example/w1', cosigner: true });
  });

  it('never replaces a key', async () => {
    const file = path.join(tempFolder(), 'audit.key');
    await run(['keygen', ORIGIN, '--out', file]);
    copyFileSync(file, `${file}.before`);
    expect(await run(['keygen', ORIGIN, '--out', file])).toMatchObject({ status: 3 });
    expect(readFileSync(file)).toEqual(readFileSync(`${file}.before`));
  });

  it('never prints a private key', async () => {
    expect((await run(['keygen', ORIGIN])).stderr).toContain('private keys are never printed');
    const file = path.join(tempFolder(), 'audit.key');
    expect(await run(['keygen', 'with space', '--out', file])).toMatchObject({ status: 2 });
    expect((await run(['keygen', 'https://audit.example', '--out', file])).stderr).toContain('no scheme');
    expect(existsSync(file)).toBe(false);
  });
});

describe('a command line that makes no sense', () => {
  it.each([
    [['verify'], 'verify takes DIR|URL; it was given 0'],
    [['verify', 'a', 'b'], 'verify takes DIR|URL; it was given 2'],
    [['verify', 'a', '--what'], 'the options of verify are --key FILE, '],
    [['verify', 'a', '--key'], 'the options of verify are --key FILE, '],
    [['verify', 'a', '--key', 'x', '--key', 'y'], '--key may be given once'],
    [['frobnicate'], 'there is no such command; there are verify, prove'],
  ])('%j is refused with 2', async (args, message) => {
    const { status, stdout, stderr } = await run(args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toContain(message);
  });
});
