import type { ConfigProblem } from './config-error.ts';
import type { Variables } from './environment.ts';
import { everyNameOf } from './read-secret.ts';
import type { Declaration } from './setting.ts';

const STAGE = /^(DEV|STAGING|PROD)_/;

/** The variables that are named as those of a service are, and that nothing reads: slips of the pen, most often. */
export function unknownVariables(
  declaration: Declaration,
  variables: Variables,
  prefix: string,
): readonly ConfigProblem[] {
  const known = new Set(Object.values(declaration).flatMap(everyNameOf));
  return Object.keys(variables)
    .filter((name) => variables[name] && !known.has(name))
    .filter((name) => name.toUpperCase().replace(STAGE, '').startsWith(prefix))
    .sort()
    .map((variable) => ({ variable, problem: 'is not known' }));
}
