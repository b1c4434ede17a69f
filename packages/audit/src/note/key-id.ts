import { sha256 } from '../merkle/hash.ts';

/** The signature types of C2SP signed-note that this package knows. */
export const SIGNATURE_TYPE = { ed25519: 0x01, cosignature: 0x04 } as const;

/** The ID of a key: the first four bytes of a hash of its name, type and public key. */
export function keyIdOf(name: string, type: number, publicKey: Uint8Array): number {
  return sha256(Buffer.concat([Buffer.from(`${name}\n`), Buffer.of(type), publicKey])).readUInt32BE(0);
}

/** A key ID as it is written in keys: eight hexadecimal digits. */
export function showKeyId(keyId: number): string {
  return keyId.toString(16).padStart(8, '0');
}
