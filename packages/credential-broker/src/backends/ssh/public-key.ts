import { BackendError } from '../backend-error.ts';

const KEY =
  /^(ssh-ed25519|ssh-rsa|ecdsa-sha2-nistp(?:256|384|521)|sk-ssh-ed25519@openssh\.com|sk-ecdsa-sha2-nistp256@openssh\.com) ([A-Za-z0-9+/]{40,4000}={0,2})(?: [\x20-\x7e]{0,256})?\n?$/;

/** The blob of an RSA key of 2,048 bits. */
const MIN_RSA_BYTES = 270;

/**
 * Checks a public key of OpenSSH (RFC 4253, 6.6), and takes its comment away.
 *
 * @throws {@link BackendError} `invalid`, when it is none
 */
export function checkedPublicKey(text: string | undefined): string {
  const [, type = '', base64 = ''] = KEY.exec(text ?? '') ?? [];
  const blob = Buffer.from(base64, 'base64');
  const length = blob.length < 4 ? 0 : blob.readUInt32BE();
  // The type stands in the blob once more; the certificate is made for that one.
  const sound = type !== '' && blob.subarray(4, 4 + length).toString() === type;
  if (!sound || (type === 'ssh-rsa' && blob.length < MIN_RSA_BYTES)) {
    throw new BackendError('invalid', 'the parameter publicKey is not a public key of OpenSSH');
  }
  return `${type} ${base64}`;
}
