import { spawnSync } from 'node:child_process';
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { openSshKey } from '../../../src/backends/connect/open-ssh-key.ts';
import { hasKeygen, keygen } from '../ssh/ssh-rig.ts';

const pkcs8 = { type: 'pkcs8', format: 'pem' } as const;
const spki = { type: 'spki', format: 'pem' } as const;
const pems = {
  ed25519: () => generateKeyPairSync('ed25519', { privateKeyEncoding: pkcs8, publicKeyEncoding: spki }),
  rsa: () =>
    generateKeyPairSync('rsa', { modulusLength: 2_048, privateKeyEncoding: pkcs8, publicKeyEncoding: spki }),
};

describe('openSshKey', () => {
  // Numbers with and without a leading bit, and every length that padding can have.
  it.skipIf(!hasKeygen).each(['ed25519', 'rsa', 'rsa', 'rsa'] as const)(
    'writes what OpenSSH reads: %s',
    (type) => {
      const { privateKey, publicKey } = pems[type]();
      const dir = mkdtempSync(path.join(tmpdir(), 'open-ssh-key-'));
      onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
      const file = path.join(dir, 'key');
      writeFileSync(file, openSshKey(privateKey) ?? '', { mode: 0o600 });
      const { status, stdout } = keygen('-y', '-P', '', '-f', file);
      expect(status).toBe(0);
      const known = path.join(dir, 'key.pub');
      writeFileSync(known, stdout);
      const pem = keygen('-e', '-m', 'PKCS8', '-f', known).stdout;
      // OpenSSH writes no Ed25519 key in this form; there the blob ends with the key itself.
      if (type === 'rsa') expect(createPublicKey(pem).equals(createPublicKey(publicKey))).toBe(true);
      const { x = '' } = createPublicKey(publicKey).export({ format: 'jwk' });
      if (type === 'ed25519') {
        expect(Buffer.from(stdout.split(' ')[1] ?? '', 'base64').subarray(-32)).toEqual(
          Buffer.from(x, 'base64url'),
        );
      }
      // It signs with it, so the private part is the right one.
      writeFileSync(path.join(dir, 'message'), 'hello');
      expect(keygen('-q', '-Y', 'sign', '-f', file, '-n', 'test', path.join(dir, 'message')).status).toBe(0);
      const checking = ['-Y', 'check-novalidate', '-n', 'test', '-s', path.join(dir, 'message.sig')];
      expect(spawnSync('ssh-keygen', checking, { input: 'hello' }).status).toBe(0);
    },
  );

  it.each(['', 'no key', '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----'])(
    'knows no key in %j',
    (pem) => {
      expect(openSshKey(pem)).toBeUndefined();
    },
  );

  it('knows no keys of other types', () => {
    const { privateKey } = generateKeyPairSync('ec', {
      namedCurve: 'P-256',
      privateKeyEncoding: pkcs8,
      publicKeyEncoding: spki,
    });
    expect(openSshKey(privateKey)).toBeUndefined();
  });
});
