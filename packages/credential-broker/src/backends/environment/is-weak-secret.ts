const MIN_LENGTH = 16;
const MIN_DIFFERENT = 6;

/** What stands in examples and is forgotten there. */
const PLACEHOLDER =
  /change.?(me|this|it|in.?prod)|replace.?(me|this)|your.?(secret|token|key|password)|^(dev|test|demo|example|sample|default|secret|password|insecure|dummy)([-_ ]|$)|^x{8,}$|^<.*>$/i;

/**
 * Whether a secret is one that others know or guess: a placeholder of an example, shorter than 16 characters, or made of
 * fewer than 6 different ones.
 *
 * @example
 * ```ts
 * import { isWeakSecret } from '@holdfast/credential-broker/backends';
 *
 * isWeakSecret('dev-secret-key-change-in-production'); // true
 * ```
 */
export function isWeakSecret(secret: string): boolean {
  return secret.length < MIN_LENGTH || new Set(secret).size < MIN_DIFFERENT || PLACEHOLDER.test(secret);
}
