import { isText } from './parse-json.ts';
import { ProblemError } from './problem.ts';

/**
 * Reads the query of a target, each part of which must be encoded UTF-8 without NUL.
 *
 * @throws {@link ProblemError} `bad-request` when it is anything else, which readers would mend in different ways
 */
export function readQuery(target: string): URLSearchParams {
  const query = target.split('?').slice(1).join('?');
  try {
    if (isText(decodeURIComponent(query))) return new URLSearchParams(query);
  } catch {
    // Malformed, as below.
  }
  throw new ProblemError('bad-request', 'The query is malformed.');
}
