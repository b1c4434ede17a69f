/** Something that is wrong, or odd, in a policy. */
export interface PolicyMistake {
  /** What is wrong, beginning with where: `rules[2].ttlSeconds must be …`. */
  readonly message: string;
  /** Where it stands in the file, from 1; nothing for a policy that is not from a file. */
  readonly line?: number | undefined;
  readonly column?: number | undefined;
}

const show = ({ message, line, column }: PolicyMistake) =>
  line === undefined ? message : `${line}:${column}: ${message}`;

/**
 * A policy cannot be used. Its message lists every mistake with its line and column.
 *
 * @example
 * ```ts
 * import { definePolicy, PolicyError } from '@holdfast/credential-broker';
 *
 * try {
 *   definePolicy({ rules: [{ id: 'all', tenants: [], refs: ['op://**'] }] });
 * } catch (error) {
 *   if (error instanceof PolicyError) console.error(error.mistakes);
 * }
 * ```
 */
export class PolicyError extends Error {
  override readonly name = 'PolicyError';
  readonly code = 'ERR_POLICY';
  readonly mistakes: readonly PolicyMistake[];

  constructor(source: string, mistakes: readonly PolicyMistake[]) {
    super(`${source} cannot be used:\n${mistakes.map((mistake) => `  ${show(mistake)}`).join('\n')}`);
    this.mistakes = mistakes;
  }
}
