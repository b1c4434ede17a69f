const NEEDS_CARE = /["\\\u0000-\u001f\ud800-\udfff]/;
const LONE_SURROGATE = /\p{Surrogate}/u;

/** Whether a string needs nothing but quotes. */
export function isPlainText(text: string): boolean {
  return !NEEDS_CARE.test(text);
}

/**
 * Writes a string as RFC 8785, section 3.2.2.2 wants it.
 *
 * @returns `undefined` for a string that is not Unicode text: half of a surrogate pair has no UTF-8 form
 */
export function jsonString(text: string): string | undefined {
  if (isPlainText(text)) return `"${text}"`;
  return LONE_SURROGATE.test(text) ? undefined : JSON.stringify(text);
}
