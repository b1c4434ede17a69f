import { createPrivateKey, type KeyObject } from 'node:crypto';

const MAGIC = 'openssh-key-v1\0';
const BLOCK = 8;
const LINE = 70;

const uint32 = (value: number) => {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32BE(value);
  return bytes;
};

const string = (value: string | Uint8Array) => {
  const bytes = Buffer.from(value);
  return Buffer.concat([uint32(bytes.length), bytes]);
};

/** A number of a JSON Web Key as one of SSH (RFC 4251, 5): a leading bit would be its sign. */
const mpint = (value = '') => {
  const bytes = Buffer.from(value, 'base64url');
  return string((bytes[0] ?? 0) >= 0x80 ? Buffer.concat([Buffer.of(0), bytes]) : bytes);
};

/** What a key consists of: the public part, and the private one with what it repeats of the public one. */
function partsOf(key: KeyObject): readonly [Buffer, Buffer] | undefined {
  const { crv, x = '', d = '', n, e, p, q, qi } = key.export({ format: 'jwk' });
  if (crv === 'Ed25519') {
    const [type, own, seed] = [
      string('ssh-ed25519'),
      Buffer.from(x, 'base64url'),
      Buffer.from(d, 'base64url'),
    ];
    const known = Buffer.concat([type, string(own)]);
    return [known, Buffer.concat([known, string(Buffer.concat([seed, own]))])];
  }
  if (key.asymmetricKeyType !== 'rsa') return undefined;
  const type = string('ssh-rsa');
  return [
    Buffer.concat([type, mpint(e), mpint(n)]),
    Buffer.concat([type, mpint(n), mpint(e), mpint(d), mpint(qi), mpint(p), mpint(q)]),
  ];
}

function readKey(pem: string): KeyObject | undefined {
  try {
    return createPrivateKey(pem);
  } catch {
    return undefined;
  }
}

/**
 * Writes a private key in the format of OpenSSH (its file PROTOCOL.key), without a passphrase; nothing for what is no key of
 * the types that 1Password makes, Ed25519 and RSA.
 */
export function openSshKey(pem: string): string | undefined {
  const key = readKey(pem);
  const parts = key && partsOf(key);
  if (parts === undefined) return undefined;
  const [known, secret] = parts;
  // Two equal numbers, which tell a reader that it decrypted well, and an empty comment.
  const open = Buffer.concat([uint32(0), uint32(0), secret, string('')]);
  const padding = Buffer.from(
    Array.from({ length: (BLOCK - (open.length % BLOCK)) % BLOCK }, (_, i) => i + 1),
  );
  const text = Buffer.concat([
    Buffer.from(MAGIC),
    ...[string('none'), string('none'), string(''), uint32(1), string(known)],
    string(Buffer.concat([open, padding])),
  ]).toString('base64');
  const lines = text.match(new RegExp(`.{1,${LINE}}`, 'g')) ?? [];
  return ['-----BEGIN OPENSSH PRIVATE KEY-----', ...lines, '-----END OPENSSH PRIVATE KEY-----', ''].join(
    '\n',
  );
}
