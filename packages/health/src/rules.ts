import { check, readOptions, type Rule, type Rules } from '@holdfast/pipeline';

/** A name that can be a label, a key of JSON and a line of text. */
export const nameRule: Rule = (value) =>
  typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value)
    ? undefined
    : 'must be 1 to 100 letters, digits, dots, colons, dashes or underscores';

/** An array, each of whose elements follows a rule. */
export function listOf(rule: Rule): Rule {
  return (value) => {
    if (!Array.isArray(value)) return 'must be an array';
    const broken = value.map(rule).find((each) => each !== undefined);
    return broken === undefined ? undefined : `must be an array; each element ${broken}`;
  };
}

/**
 * Reads options of which some must be given.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function readRequired<O extends object, D extends Partial<O>>(
  owner: string,
  options: O,
  rules: Rules<O>,
  defaults: D,
  required: readonly (keyof O & string)[],
): Readonly<O & D> {
  const read = readOptions(owner, options, rules, defaults);
  for (const name of required) check(`${owner}: ${name}`, read[name], rules[name]);
  return read;
}
