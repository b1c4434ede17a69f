import { BackendError } from '../backend-error.ts';

/**
 * Picks the one thing that has exactly this name. 1Password takes names in any case, but policies do not: a rule that
 * forbids `op://prod/payroll` must not be passed by `op://prod/Payroll`.
 *
 * @param kind - what errors call it
 * @throws {@link BackendError} `not-found`, or `invalid` when several have the name
 */
export function pickNamed<T>(kind: string, name: string, all: readonly T[], nameOf: (each: T) => string): T {
  const named = all.filter((each) => nameOf(each) === name);
  const [found, another] = named;
  if (found === undefined) throw new BackendError('not-found', `there is no ${kind} of that name`);
  if (another === undefined) return found;
  throw new BackendError(
    'invalid',
    `the ${kind} is ambiguous: ${named.length} have the name ${JSON.stringify(name)}; refer to one by its id`,
  );
}
