import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { Secret, type BackendRequest } from '@holdfast/credential-broker';
import { sshCertificates, type SshCertificatesOptions } from '@holdfast/credential-broker/backends';
import { manualClock } from '@holdfast/pipeline/testing';
import { requestFor } from '../backend-request.ts';

export const hasKeygen = spawnSync('ssh-keygen', ['-?']).error === undefined;

/** The server, where there is one, and a client. */
export const sshd = ['/usr/sbin/sshd', '/usr/local/sbin/sshd'].find((file) => existsSync(file));

export const keygen = (...args: string[]) =>
  spawnSync('ssh-keygen', args, { encoding: 'utf8', env: { PATH: process.env['PATH'], TZ: 'UTC' } });

/** An authority, a user and a host, each with a key. */
export function sshPlace(nowMs: number, type = 'ed25519') {
  const dir = mkdtempSync(path.join(tmpdir(), 'ssh-test-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  const file = (name: string) => path.join(dir, name);
  for (const [name, kind] of [
    ['ca', 'ed25519'],
    ['host', 'ed25519'],
    ['user', type],
  ] as const) {
    expect(keygen('-q', '-t', kind, '-N', '', '-C', `${name} of the test`, '-f', file(name)).status).toBe(0);
  }
  const publicKey = readFileSync(file('user.pub'), 'utf8');
  const open = (more: Partial<SshCertificatesOptions> = {}) =>
    sshCertificates({
      caKey: new Secret(readFileSync(file('ca'))),
      principals: ['deploy', 'backup'],
      clock: manualClock({ wallStartMs: nowMs }),
      ...more,
    });
  return { file, publicKey, open };
}

export const certificateRequest = (publicKey: string, who = 'deploy', ttlMs = 300_000): BackendRequest =>
  requestFor(who, { parameters: { publicKey }, ttlMs, leaseId: 'lease-4711' });
