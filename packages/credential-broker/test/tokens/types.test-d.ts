import {
  createCredentialTokenVerifier,
  generateSealingKey,
  generateSigningKey,
  generateWorkloadKey,
  keyRing,
  legacySecret,
  openSealed,
  publicKeys,
  sealingKey,
  type Credential,
  type CredentialToken,
  type KeyRing,
  type Secret,
  type VerificationKeys,
} from '@holdfast/credential-broker';
import { expectTypeOf } from 'vitest';

declare const secret: Secret;

const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
expectTypeOf(keys).toEqualTypeOf<KeyRing>();
expectTypeOf(keys).toExtend<VerificationKeys>();
expectTypeOf(publicKeys(keys.jwks())).toExtend<VerificationKeys>();
// @ts-expect-error a key that seals does not sign
keyRing({ signing: [generateSealingKey()] });
// @ts-expect-error a key that signs does not seal
keyRing({ signing: [generateSigningKey()], sealing: [generateSigningKey()] });
// @ts-expect-error a shared secret has a name
legacySecret('x');
// @ts-expect-error a secret key has no thumbprint to be named after
sealingKey(secret, {});
// @ts-expect-error no algorithm but these
generateSigningKey('none');

// @ts-expect-error whom it is for is pinned
createCredentialTokenVerifier({ keys, issuer: 'us' });
const verifier = createCredentialTokenVerifier({ keys, issuer: 'us', audience: 'api' });
expectTypeOf(verifier.verify('x')).toEqualTypeOf<Promise<CredentialToken>>();

const opened = (token: CredentialToken) => openSealed(token, generateWorkloadKey());
expectTypeOf(opened).returns.toEqualTypeOf<Promise<Credential>>();
// @ts-expect-error a token that was not verified is not opened
void openSealed('x', generateWorkloadKey());
// @ts-expect-error a key that signs opens nothing
const wrong = (token: CredentialToken) => openSealed(token, generateSigningKey());
