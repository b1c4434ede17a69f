import { hash } from 'node:crypto';

/**
 * What stands in the log for a personal value: `sha256:` and the digest, in base64url, of the salt followed by the
 * value in canonical JSON. It tells nothing about the value without the salt, and proves the value with it.
 */
export function commitmentTo(salt: string, json: string): string {
  return `sha256:${hash('sha256', salt + json, 'base64url')}`;
}
