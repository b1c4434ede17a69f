import { compactDecrypt, CompactEncrypt } from 'jose';
import type { Credential } from '../../backends/backend.ts';
import { Secret } from '../../secret/secret.ts';
import { readCompact } from '../jose/compact.ts';
import { readJsonObject } from '../jose/strict-json.ts';
import type { OpeningKey } from '../keys/sealing-key.ts';
import type { RecipientKey } from '../keys/workload-key.ts';
import { TokenError } from '../token-error.ts';

const ENCRYPTION = 'A256GCM';
const encoder = new TextEncoder();

/**
 * Encrypts a credential for one recipient and one token: the id of the token is in the protected header, which the
 * encryption authenticates (RFC 7516, section 5.1, step 14), as a replicated claim (RFC 7519, section 5.3). In any
 * other token it does not open.
 *
 * @throws {@link TypeError} when a secret was disposed of or is not UTF-8
 * @throws {@link TokenError} `key` when nothing can be sealed to the recipient
 */
export async function seal(
  credential: Credential,
  tokenId: string,
  recipient: RecipientKey,
): Promise<string> {
  const revealed = Object.entries(credential).map(([field, secret]) => [field, secret.reveal()]);
  return new CompactEncrypt(encoder.encode(JSON.stringify(Object.fromEntries(revealed))))
    .setProtectedHeader({ alg: recipient.alg, enc: ENCRYPTION, kid: recipient.kid, jti: tokenId })
    .encrypt(recipient.sealWith)
    .catch(() => {
      // A point of small order agrees on the same with everybody (RFC 7748, section 6.1).
      throw new TokenError('key', 'nothing can be sealed to this key');
    });
}

/**
 * Says which algorithm opens a sealed credential, without opening it.
 *
 * @throws {@link TokenError} `sealed` when it was not sealed for this token; `malformed` when it is nothing of the kind
 */
export function checkSeal(sealed: unknown, tokenId: string): string {
  const { header } = readCompact(sealed, 5);
  if (header['jti'] !== tokenId)
    throw new TokenError('sealed', 'the credential was sealed for another token');
  if (header['enc'] !== ENCRYPTION)
    throw new TokenError('sealed', `the credential must be sealed with ${ENCRYPTION}`);
  return String(header['alg']);
}

/** Opens what {@link seal} made. */
export async function open(sealed: string, tokenId: string, key: OpeningKey): Promise<Credential> {
  if (checkSeal(sealed, tokenId) !== key.alg) throw cannotOpen();
  const opened = await compactDecrypt(sealed, key.openWith, {
    keyManagementAlgorithms: [key.alg],
    contentEncryptionAlgorithms: [ENCRYPTION],
  }).catch(() => {
    // The error of jose tells those who guess how far they came.
    throw cannotOpen();
  });
  try {
    return readCredential(opened.plaintext);
  } finally {
    opened.plaintext.fill(0);
  }
}

const cannotOpen = () => new TokenError('sealed', 'the key does not open the credential');

function readCredential(bytes: Uint8Array): Credential {
  const fields = readJsonObject(bytes);
  if (fields === undefined) throw new TokenError('sealed', 'the credential is not fields of text');
  return Object.fromEntries(
    Object.entries(fields).map(([field, value]) => {
      if (typeof value !== 'string') throw new TokenError('sealed', 'the credential is not fields of text');
      return [field, new Secret(value)];
    }),
  );
}
