import { execFileSync } from 'node:child_process';
import { createPrivateKey, createPublicKey, generateKeyPairSync, sign, verify } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import {
  createSigner,
  generateKeyPair,
  generateSigner,
  NoteError,
  noteSigner,
  openNote,
  signerFrom,
  signNote,
  verifierFrom,
  vkeyOf,
} from '@holdfast/audit';
import { describe, expect, onTestFinished, test } from 'vitest';
import { keyIdOf, SIGNATURE_TYPE } from '../../src/note/key-id.ts';

const VKEY = 'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW';
const SKEY = 'PRIVATE+KEY+PeterNeumann+c74f20a3+AYEKFALVFGyNhPJEMzD1QIDr+Y7hfZx09iUvxdXHKDFz';

test('the verifier key of a private key is the one that Go gives', () => {
  const { name, signer } = signerFrom(`${SKEY}\n`);
  expect(vkeyOf(name, signer)).toBe(VKEY);
});

test('a fresh pair of keys fits together, and is fresh', async () => {
  const { privateKey, verifierKey } = generateKeyPair('audit.example/prod');
  const { name, signer } = signerFrom(privateKey);
  const note = await signNote('text\n', [noteSigner(name, signer)]);
  expect(openNote(note, [verifierFrom(verifierKey)]).text).toBe('text\n');
  expect(generateKeyPair('audit.example/prod').privateKey).not.toBe(privateKey);
});

test('one key signs under many names, each with an ID of its own', () => {
  const signer = generateSigner();
  const [a, b] = ['a', 'b'].map((name) => noteSigner(name, signer));
  expect(a?.keyId).not.toBe(b?.keyId);
  expect(verifierFrom(vkeyOf('a', signer)).keyId).toBe(a?.keyId);
});

test('a key of Node or a PEM text makes a signer', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ed25519');
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  for (const key of [privateKey, pem]) {
    const signature = createSigner(key).sign(Buffer.from('message'));
    expect(verify(null, Buffer.from('message'), publicKey, signature as Uint8Array)).toBe(true);
  }
});

test('openssl verifies what a signer signs', ({ skip }) => {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-keys-'));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const { privateKey } = generateKeyPairSync('ed25519');
  const file = (name: string, bytes: string | Uint8Array) => {
    writeFileSync(path.join(dir, name), bytes);
    return path.join(dir, name);
  };
  const key = file('key', createPublicKey(privateKey).export({ type: 'spki', format: 'pem' }));
  const text = file('text', 'text\n');
  const signature = file('sig', createSigner(privateKey).sign(Buffer.from('text\n')) as Uint8Array);
  const args = ['pkeyutl', '-verify', '-pubin', '-inkey', key, '-rawin', '-in', text, '-sigfile', signature];
  try {
    expect(execFileSync('openssl', args).toString()).toContain('Verified Successfully');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') skip('openssl is not installed');
    throw error;
  }
});

describe('a signer refuses', () => {
  test('keys of another kind', () => {
    const { privateKey } = generateKeyPairSync('ed448');
    const { publicKey } = generateKeyPairSync('ed25519');
    expect(() => createSigner(privateKey)).toThrow('createSigner: privateKey must be an Ed25519 private key');
    expect(() => createSigner(publicKey)).toThrow(TypeError);
  });

  test.each(['', 'two words', 'a+b', 'a\nb', 'a\u2003b', '\ud800'])('the name %j', (name) => {
    expect(() => noteSigner(name, generateSigner())).toThrow('must be a text without spaces and plus signs');
    expect(() => vkeyOf(name, generateSigner())).toThrow(TypeError);
    expect(() => generateKeyPair(name)).toThrow(TypeError);
  });
});

describe('malformed keys', () => {
  test.each([
    '',
    'PeterNeumann',
    'PeterNeumann+c74f20a3',
    'PeterNeumann+c74f20a4+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+C74F20A3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'Peter Neumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PaulNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+AhpC2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10TW',
    'PeterNeumann+c74f20a3+ARpc2QcUPDhMQegwxbzhKqiBfsVkmqq/LDE4izWy10Q=',
    ` ${VKEY}`,
  ])('%j verifies nothing', (vkey) => {
    expect(() => verifierFrom(vkey)).toThrow(NoteError);
  });

  test.each([
    '',
    SKEY.slice(1),
    SKEY.replace('c74f20a3', 'c74f20a4'),
    SKEY.replace('+AYEK', '+AoEK'),
    SKEY.slice(0, -4),
    VKEY,
  ])('%j signs nothing, and the error does not repeat it', (skey) => {
    expect(() => signerFrom(skey)).toThrow(NoteError);
    try {
      signerFrom(skey);
    } catch (error) {
      expect(String(error)).not.toContain('FALVFGyNhPJE');
    }
  });
});

describe('cosignatures (C2SP tlog-cosignature)', () => {
  const key = generateKeyPairSync('ed25519').privateKey;
  const publicKey = createPublicKey(key).export({ type: 'spki', format: 'der' }).subarray(-32);
  const id = keyIdOf('witness.example/w1', SIGNATURE_TYPE.cosignature, publicKey);
  const vkey = `witness.example/w1+${id.toString(16).padStart(8, '0')}+${Buffer.concat([Buffer.of(4), publicKey]).toString('base64')}`;
  const text = Buffer.from('audit.example/test\n0\n47DEQpj8HBSa+/TImW+5JCeuQeRkm5NMpJWZG3hSuFU=\n');
  const cosign = (seconds: bigint) => {
    const time = Buffer.alloc(8);
    time.writeBigUInt64BE(seconds);
    const message = `cosignature/v1\ntime ${seconds}\n${text.toString()}`;
    return Buffer.concat([
      time,
      sign(null, Buffer.from(message), createPrivateKey(key.export({ type: 'pkcs8', format: 'pem' }))),
    ]);
  };

  test('state an instant and verify', () => {
    const verifier = verifierFrom(vkey);
    const signature = cosign(1_679_315_147n);
    expect(verifier.cosigner).toBe(true);
    expect(verifier.verify(text, signature)).toBe(true);
    expect(verifier.signedAtMs(signature)).toBe(1_679_315_147_000);
    expect(verifierFrom(VKEY).signedAtMs(signature)).toBe(undefined);
  });

  test('fail with another instant, another text, another length', () => {
    const verifier = verifierFrom(vkey);
    const signature = cosign(1_679_315_147n);
    const later = Buffer.from(signature);
    later[7] = (later[7] ?? 0) ^ 1;
    expect(verifier.verify(text, later)).toBe(false);
    expect(verifier.verify(Buffer.concat([text, text]), signature)).toBe(false);
    expect(verifier.verify(text, signature.subarray(8))).toBe(false);
    expect(verifier.verify(text, signature.subarray(0, -1))).toBe(false);
    expect(verifier.verify(text, Buffer.alloc(0))).toBe(false);
  });
});
