import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Secret } from '@holdfast/credential-broker';
import { sshCertificates, type SshCertificatesOptions } from '@holdfast/credential-broker/backends';
import { manualClock } from '@holdfast/pipeline/testing';
import { never } from '../backend-request.ts';
import { certificateRequest, hasKeygen, keygen, sshPlace } from './ssh-rig.ts';

const NOW = Date.UTC(2026, 10, 21, 12, 0, 0, 500);
const place = (type?: string) => sshPlace(NOW, type);

async function certified(more: Partial<SshCertificatesOptions> = {}, who = 'deploy', ttlMs = 300_000) {
  const { file, publicKey, open } = place();
  const lease = await open(more).issue(certificateRequest(publicKey, who, ttlMs), never());
  writeFileSync(file('user-cert.pub'), `${lease.credential['certificate']?.reveal()}\n`);
  return { file, lease, shown: keygen('-L', '-f', file('user-cert.pub')).stdout };
}

describe.skipIf(!hasKeygen)('sshCertificates, by ssh-keygen', () => {
  it('certifies a key for a user, for as long as the lease and a minute before', async () => {
    const { lease, shown } = await certified();
    expect(lease.expiresAtMs).toBe(Date.UTC(2026, 10, 21, 12, 5, 0));
    expect(shown).toContain('user certificate');
    expect(shown).toContain('Key ID: "holdfast acme agent-1 lease-4711"');
    expect(shown).toContain('Valid: from 2026-11-21T11:59:00 to 2026-11-21T12:05:00');
    expect(shown).toMatch(
      /Principals: \n\s+deploy\n\s+Critical Options: \(none\)\n\s+Extensions: \n\s+permit-pty\n/,
    );
  });

  it('restricts it as it is told', async () => {
    const { shown } = await certified(
      {
        criticalOptions: { 'force-command': '/bin/backup --all', 'source-address': '10.0.0.0/8' },
        extensions: [],
        maxTtlMs: 60_000,
      },
      'backup',
    );
    expect(shown).toMatch(/Principals: \n\s+backup\n\s+Critical/);
    expect(shown).toContain('force-command /bin/backup --all');
    expect(shown).toContain('source-address 10.0.0.0/8');
    expect(shown).toContain('Extensions: (none)');
    expect(shown).toContain('to 2026-11-21T12:01:00');
  });

  it('makes what OpenSSH takes until the lease ends, for that user, and not a second longer', async () => {
    const { file } = await certified();
    writeFileSync(file('message'), 'hello');
    expect(
      keygen('-q', '-Y', 'sign', '-f', file('user-cert.pub'), '-n', 'test', file('message')).status,
    ).toBe(0);
    writeFileSync(file('signers'), `* cert-authority ${readFileSync(file('ca.pub'), 'utf8')}`);
    const accepted = (who: string, atTime: string) =>
      spawnSync(
        'ssh-keygen',
        [
          '-Y',
          'verify',
          '-f',
          file('signers'),
          '-I',
          who,
          '-n',
          'test',
          '-s',
          file('message.sig'),
          '-O',
          `verify-time=${atTime}`,
        ],
        { input: 'hello', env: { PATH: process.env['PATH'], TZ: 'UTC' } },
      ).status === 0;
    expect(accepted('deploy', '20261121120459')).toBe(true);
    expect(accepted('deploy', '20261121120501')).toBe(false);
    expect(accepted('deploy', '20261121115800')).toBe(false);
    expect(accepted('backup', '20261121120459')).toBe(false);
  });

  it.each(['rsa', 'ecdsa'])('certifies keys of the type %s', async (type) => {
    const { publicKey, open } = place(type);
    const { credential } = await open().issue(certificateRequest(publicKey), never());
    expect(credential['certificate']?.reveal()).toMatch(
      /^(ssh-rsa|ecdsa-sha2-nistp256)-cert-v01@openssh\.com /,
    );
  });

  it('tells a key that is none from an authority that fails', async () => {
    const { open } = place();
    const parts = ['ecdsa-sha2-nistp256', 'nistp256', `\u0004${'x'.repeat(64)}`];
    const notOnTheCurve = parts.flatMap((part) => [Buffer.from([0, 0, 0, part.length]), Buffer.from(part)]);
    const publicKey = `ecdsa-sha2-nistp256 ${Buffer.concat(notOnTheCurve).toString('base64')}`;
    await expect(open().issue(certificateRequest(publicKey), never())).rejects.toMatchObject({
      failure: 'invalid',
    });
  });

  it('takes its key from a file as well', async () => {
    const { publicKey, open, file } = place();
    const backend = open({ caKey: file('ca') });
    await expect(backend.health(never())).resolves.toBeUndefined();
    expect(
      (await backend.issue(certificateRequest(publicKey), never())).credential['certificate'],
    ).toBeInstanceOf(Secret);
  });

  it('leaves no key behind where the process is killed while it signs', async () => {
    const { publicKey, file } = place();
    // Stands in for the program: is told the key, and kills the broker.
    const killer = `#!/bin/sh
for last; do :; done
head -1 /dev/stdin > '${file('told')}'
dirname "$last" > '${file('folder')}'
kill -9 $PPID
`;
    writeFileSync(file('killer'), killer, { mode: 0o700 });
    const script = `
      import { readFileSync } from 'node:fs';
      import { Secret } from '@holdfast/credential-broker';
      import { sshCertificates } from '@holdfast/credential-broker/backends';
      const [ca, sshKeygen, request] = process.argv.slice(1);
      const ssh = sshCertificates({ caKey: new Secret(readFileSync(ca)), principals: ['deploy'], sshKeygen });
      await ssh.issue(JSON.parse(request), new AbortController().signal);`;
    const args = ['--conditions=@holdfast/source', '--no-warnings', '--input-type=module', '-e', script];
    const request = JSON.stringify(certificateRequest(publicKey));
    const child = spawn(process.execPath, [...args, file('ca'), file('killer'), request], {
      cwd: import.meta.dirname,
      stdio: 'inherit',
    });
    expect(await once(child, 'exit')).toEqual([null, 'SIGKILL']);
    const folder = readFileSync(file('folder'), 'utf8').trim();
    onTestFinished(() => rmSync(folder, { recursive: true }));
    expect(readFileSync(file('told'), 'utf8')).toBe('-----BEGIN OPENSSH PRIVATE KEY-----\n');
    expect(readdirSync(folder)).toEqual(['key.pub']);
    expect(readFileSync(path.join(folder, 'key.pub'), 'utf8')).toMatch(/^ssh-ed25519 /);
  });

  it('leaves nothing behind, whatever happens', async () => {
    const left = () =>
      [tmpdir(), '/dev/shm']
        .filter((dir) => existsSync(dir))
        .flatMap((dir) => readdirSync(dir))
        .filter((name) => name.startsWith(`holdfast-ssh-${process.pid}-`));
    const { publicKey, open } = place();
    const abort = new AbortController();
    const running = open().issue(certificateRequest(publicKey), abort.signal);
    abort.abort(new Error('enough'));
    await expect(running).rejects.toThrow('enough');
    await open().issue(certificateRequest(publicKey), never());
    const noKey = open({ caKey: new Secret('canary: no key') });
    const error: unknown = await noKey
      .issue(certificateRequest(publicKey), never())
      .catch((error: unknown) => error);
    expect(error).toMatchObject({
      failure: 'unavailable',
      message: expect.stringMatching(/^ssh-keygen failed: \d+$/) as unknown,
    });
    await expect(noKey.health(never())).rejects.toMatchObject({ failure: 'unavailable' });
    expect(left()).toEqual([]);
  });

  it('ends the program when nobody waits for it any more', async () => {
    const { publicKey, open, file } = place();
    writeFileSync(file('hangs'), '#!/bin/sh\nexec sleep 1000\n', { mode: 0o700 });
    const abort = new AbortController();
    const running = open({ sshKeygen: file('hangs') }).issue(certificateRequest(publicKey), abort.signal);
    setImmediate(() => abort.abort(new Error('enough')));
    await expect(running).rejects.toThrow('enough');
  });
});

describe('sshCertificates', () => {
  const ED25519 = `ssh-ed25519 ${Buffer.concat([
    Buffer.from([0, 0, 0, 11]),
    Buffer.from('ssh-ed25519'),
    Buffer.from([0, 0, 0, 32]),
    Buffer.alloc(32, 1),
  ]).toString('base64')}`;
  const open = (more: Partial<SshCertificatesOptions> = {}) =>
    sshCertificates({ caKey: new Secret('x'), principals: ['deploy', 'backup'], ...more });

  it('says how long a certificate may live', async () => {
    expect(await open({ maxTtlMs: 60_000 }).inspect(certificateRequest(ED25519), never())).toEqual({
      maxTtlMs: 60_000,
    });
  });

  it.each([
    'root',
    '',
    'deploy,root',
    'deploy,backup',
    '-oProxyCommand=x',
    'deploy,',
    `${'deploy,'.repeat(16)}deploy`,
  ])('certifies no %j', async (who) => {
    await expect(open().inspect(certificateRequest(ED25519, who), never())).rejects.toMatchObject({
      failure: 'not-found',
    });
    await expect(open().issue(certificateRequest(ED25519, who), never())).rejects.toMatchObject({
      failure: 'not-found',
    });
  });

  it.each([
    '',
    'ssh-ed25519',
    'ssh-ed25519 AAAA',
    ED25519.replace('ssh-ed25519', 'ssh-rsa'),
    `${ED25519}\nssh-rsa AAAA`,
    `command="x" ${ED25519}`,
    ED25519.replace(' ', '  '),
    `${ED25519}AAAA`,
    ED25519.slice(0, -4),
    `ssh-dss ${ED25519.slice(12)}`,
    `${ED25519} ${'x'.repeat(300)}`,
  ])('takes %j for no public key', async (publicKey) => {
    await expect(open().inspect(certificateRequest(publicKey), never())).rejects.toMatchObject({
      failure: 'invalid',
    });
    await expect(open().issue(certificateRequest(publicKey), never())).rejects.toMatchObject({
      failure: 'invalid',
    });
  });

  it('makes none that has no life', async () => {
    const clock = manualClock({ wallStartMs: NOW });
    await expect(
      open({ clock }).issue(certificateRequest(ED25519, 'deploy', 100), never()),
    ).rejects.toMatchObject({
      failure: 'invalid',
    });
  });

  it('says that there is no program', async () => {
    await expect(
      open({ sshKeygen: '/nowhere/ssh-keygen' }).issue(certificateRequest(ED25519), never()),
    ).rejects.toMatchObject({
      failure: 'unavailable',
      message: 'ssh-keygen failed: ENOENT',
    });
  });

  it('checks its options', () => {
    for (const [more, message] of [
      [{ caKey: 1 }, 'caKey must be a Secret or a file'],
      [{ principals: [] }, 'principals must be names of users'],
      [{ principals: ['-o'] }, 'principals must be names of users'],
      [{ maxTtlMs: 1 }, 'maxTtlMs must be an integer >= 1000'],
      [{ extensions: ['permit-all'] }, 'extensions must be some of permit-pty'],
      [{ criticalOptions: { 'verify-required': '' } }, 'criticalOptions must be'],
      [{ criticalOptions: { 'force-command': 'a\nb' } }, 'criticalOptions must be'],
    ] as const) {
      expect(() => open(more as never)).toThrow(message);
    }
    expect(() => sshCertificates({ caKey: 'x' } as never)).toThrow('principals must be given');
  });
});

// A line for whoever reads the output of a machine without the program.
if (!hasKeygen) console.warn('skipped: certificates of OpenSSH, for there is no ssh-keygen');
