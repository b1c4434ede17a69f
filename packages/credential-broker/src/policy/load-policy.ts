import { readFile } from 'node:fs/promises';
import type { Policy } from './define-policy.ts';
import { parsePolicy } from './parse-policy.ts';

/**
 * Reads a policy from a file in YAML or JSON.
 *
 * @throws {@link PolicyError} with the line and column of every mistake
 * @throws {@link Error} when the file cannot be read
 *
 * @example
 * ```ts
 * import { loadPolicy } from '@holdfast/credential-broker';
 *
 * const policy = await loadPolicy('policy.yaml');
 * for (const { message, line } of policy.warnings) console.warn(`policy.yaml:${line}: ${message}`);
 * ```
 */
export async function loadPolicy(file: string): Promise<Policy> {
  return parsePolicy(await readFile(file, 'utf8'), file);
}
