import { check, having, systemClock, type Clock } from '@holdfast/pipeline';
import { keyIdOf, showKeyId, SIGNATURE_TYPE } from '../note/key-id.ts';
import { keyNameRule } from '../note/key-name.ts';
import type { NoteSigner, Signer } from '../note/signer.ts';

/**
 * Names a key so that it can cosign checkpoints: signatures of type 4, which state an instant (C2SP
 * tlog-cosignature).
 *
 * @param name - of the witness, such as `witness.example/w1`
 * @throws {@link TypeError} when the name has spaces or plus signs
 *
 * @example
 * ```ts
 * import { cosigner, generateSigner, signNote } from '@holdfast/audit';
 *
 * const cosigned = await signNote('text\n', [cosigner('witness.example/w1', generateSigner())]);
 * ```
 */
export function cosigner(name: string, signer: Signer, clock: Clock = systemClock): NoteSigner {
  check('cosigner: name', name, keyNameRule);
  check('cosigner: clock', clock, having('wallNow'));
  return {
    name,
    keyId: keyIdOf(name, SIGNATURE_TYPE.cosignature, signer.publicKey),
    sign: async (text) => {
      const seconds = BigInt(Math.floor(clock.wallNow() / 1000));
      const header = Buffer.from(`cosignature/v1\ntime ${seconds.toString()}\n`);
      const timestamp = Buffer.alloc(8);
      timestamp.writeBigUInt64BE(seconds);
      return Buffer.concat([timestamp, await signer.sign(Buffer.concat([header, text]))]);
    },
  };
}

/**
 * The verifier key of a witness, to be named in policies.
 *
 * @throws {@link TypeError} when the name has spaces or plus signs
 *
 * @example
 * ```ts
 * import { generateSigner, witnessVkeyOf } from '@holdfast/audit';
 *
 * console.log(`witness w1 ${witnessVkeyOf('witness.example/w1', generateSigner())}`);
 * ```
 */
export function witnessVkeyOf(name: string, signer: Pick<Signer, 'publicKey'>): string {
  check('witnessVkeyOf: name', name, keyNameRule);
  const type = SIGNATURE_TYPE.cosignature;
  const material = Buffer.concat([Buffer.of(type), signer.publicKey]);
  return `${name}+${showKeyId(keyIdOf(name, type, signer.publicKey))}+${material.toString('base64')}`;
}
