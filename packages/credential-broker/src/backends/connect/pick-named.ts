import { BackendError } from '../backend-error.ts';

/** How 1Password compares names. */
export const sameName = (a: string, b: string): boolean => a.toLowerCase() === b.toLowerCase();

/**
 * Picks the one thing that has a name: by its exact name if one has it, else by its name in any case.
 *
 * @param kind - what errors call it
 * @throws {@link BackendError} `not-found`, or `invalid` when several have the name
 */
export function pickNamed<T>(kind: string, name: string, all: readonly T[], nameOf: (each: T) => string): T {
  const inAnyCase = all.filter((each) => sameName(nameOf(each), name));
  const exact = inAnyCase.filter((each) => nameOf(each) === name);
  const named = exact.length > 0 ? exact : inAnyCase;
  const [found, another] = named;
  if (found === undefined) throw new BackendError('not-found', `there is no ${kind} of that name`);
  if (another === undefined) return found;
  throw new BackendError(
    'invalid',
    `the ${kind} is ambiguous: ${named.length} have the name ${JSON.stringify(name)}; refer to one by its id`,
  );
}
