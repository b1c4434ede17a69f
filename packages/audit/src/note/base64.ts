/** The bytes of a Base 64 text (RFC 4648, section 4) in its one canonical form; nothing for any other text. */
export function fromBase64(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, 'base64');
  // Node skips what it does not know; a format that is signed must have one spelling only.
  return bytes.toString('base64') === text ? bytes : undefined;
}
