import { BackendError } from '../backend-error.ts';

/** By type, how long the parts behind it are in the blob, in bytes; nothing where that differs from key to key. */
const PARTS: ReadonlyMap<string, readonly (number | undefined)[]> = new Map([
  ['ssh-ed25519', [32]],
  ['ssh-rsa', [undefined, undefined]],
  ['ecdsa-sha2-nistp256', [8, 65]],
  ['ecdsa-sha2-nistp384', [8, 97]],
  ['ecdsa-sha2-nistp521', [8, 133]],
  ['sk-ssh-ed25519@openssh.com', [32, undefined]],
  ['sk-ecdsa-sha2-nistp256@openssh.com', [8, 65, undefined]],
]);

const KEY = /^([a-z0-9@.-]{1,64}) ([A-Za-z0-9+/]{40,4000}={0,2})(?: [\x20-\x7e]{0,256})?\n?$/;

/** The blob of an RSA key of 2,048 bits. */
const MIN_RSA_BYTES = 270;

/** The parts of a blob, each behind its length; none when it is cut off. */
function partsOf(blob: Buffer): Buffer[] {
  const parts: Buffer[] = [];
  for (let at = 0; at < blob.length;) {
    const end = at + 4 + (at + 4 <= blob.length ? blob.readUInt32BE(at) : 0);
    if (end > blob.length) return [];
    parts.push(blob.subarray(at + 4, end));
    at = end;
  }
  return parts;
}

/** The type stands in the blob once more; the certificate is made for that one. */
function isSound(type: string, blob: Buffer): boolean {
  const lengths = PARTS.get(type);
  const [inside, ...parts] = partsOf(blob);
  return (
    inside?.toString('latin1') === type &&
    parts.length === lengths?.length &&
    lengths.every((length, i) => length === undefined || parts[i]?.length === length) &&
    (type !== 'ssh-rsa' || blob.length >= MIN_RSA_BYTES)
  );
}

/**
 * Checks a public key of OpenSSH (RFC 4253, 6.6), and takes its comment away.
 *
 * @throws {@link BackendError} `invalid`, when it is none
 */
export function checkedPublicKey(text: string | undefined): string {
  const [, type = '', base64 = ''] = KEY.exec(text ?? '') ?? [];
  if (!isSound(type, Buffer.from(base64, 'base64'))) {
    throw new BackendError('invalid', 'the parameter publicKey is not a public key of OpenSSH');
  }
  return `${type} ${base64}`;
}
