import { spawnSync } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { describe, expect, it } from 'vitest';
import { never } from '../backend-request.ts';
import { certificateRequest, hasKeygen, sshd, sshPlace } from './ssh-rig.ts';

/** Somebody logs in with a certificate, at a server that is started for this one login and knows the authority. */
async function logIn(options: { readonly madeAgoMs: number; readonly who?: string }) {
  const { file, publicKey, open } = sshPlace(Date.now() - options.madeAgoMs);
  const { credential } = await open().issue(certificateRequest(publicKey, options.who), never());
  writeFileSync(file('user-cert.pub'), `${credential['certificate']?.reveal()}\n`);
  writeFileSync(file('principals'), 'deploy\n');
  const config = {
    HostKey: file('host'),
    TrustedUserCAKeys: file('ca.pub'),
    AuthorizedPrincipalsFile: file('principals'),
    AuthorizedKeysFile: 'none',
    PasswordAuthentication: 'no',
    KbdInteractiveAuthentication: 'no',
    PermitRootLogin: 'prohibit-password',
    StrictModes: 'no',
    UsePAM: 'no',
  };
  writeFileSync(
    file('sshd_config'),
    Object.entries(config)
      .map(([name, value]) => `${name} ${value}\n`)
      .join(''),
  );
  const set = (name: string, value: string) => ['-o', `${name}=${value}`];
  const args = [
    ...['-F', 'none', '-i', file('user')],
    ...set('CertificateFile', file('user-cert.pub')),
    // On its stdin: no port, and nothing left running.
    ...set('ProxyCommand', `${sshd} -i -f ${file('sshd_config')}`),
    ...set('IdentitiesOnly', 'yes'),
    ...set('BatchMode', 'yes'),
    ...set('StrictHostKeyChecking', 'no'),
    ...set('UserKnownHostsFile', '/dev/null'),
    ...set('LogLevel', 'ERROR'),
  ];
  const login = `${userInfo().username}@host.example`;
  return spawnSync('ssh', [...args, login, 'echo', 'welcome'], { encoding: 'utf8', input: '' });
}

// The superuser's server needs a folder that the start of a machine makes.
const ready = hasKeygen && sshd !== undefined && (process.getuid?.() !== 0 || existsSync('/run/sshd'));

describe.skipIf(!ready)('a login with a certificate', () => {
  it('works while the lease lasts', async () => {
    expect(await logIn({ madeAgoMs: 0 })).toMatchObject({ status: 0, stdout: 'welcome\n' });
  });

  it('stops working when the lease ends', async () => {
    const { status, stderr } = await logIn({ madeAgoMs: 301_000 });
    expect(status).toBe(255);
    expect(stderr).toContain('Permission denied');
  });

  it('does not work for another user', async () => {
    expect((await logIn({ madeAgoMs: 0, who: 'backup' })).status).toBe(255);
  });
});

if (!ready) console.warn('skipped: logins with a certificate, for no sshd can be started');
