/** The public key of a verifier key: what two of them have in common that are one key under two names. */
export function keyMaterialOf(vkey: string): Buffer {
  const [, , ...material] = vkey.split('+');
  // The first byte is the type of signature; Base 64 has plus signs of its own.
  return Buffer.from(material.join('+'), 'base64').subarray(1);
}
