/** Answers what is wrong with a value as the rule it breaks (`must be an integer >= 1`), or `undefined`. */
export type Rule = (value: unknown) => string | undefined;

/** The rules for an options object: one for each option it may have. */
export type Rules<O> = { readonly [K in keyof O]-?: Rule };

const bounds = (min: number, max: number) =>
  (min > -Infinity ? ` >= ${min}` : '') + (max < Infinity ? ` and <= ${max}` : '');

/**
 * A whole number within bounds; `Infinity` only where `max` is given as `Infinity` explicitly.
 *
 * @example
 * ```ts
 * import { integer, readOptions } from '@holdfast/pipeline';
 *
 * readOptions('pool', { size: 10 }, { size: integer(1, 100) }, {});
 * ```
 */
export function integer(min: number, max?: number): Rule {
  const top = max ?? Number.MAX_SAFE_INTEGER;
  return (value) =>
    typeof value === 'number' && (Number.isInteger(value) || value === max) && value >= min && value <= top
      ? undefined
      : `must be an integer${bounds(min, max ?? Infinity)}${max === Infinity ? ' or Infinity' : ''}`;
}

/**
 * A number within bounds, both inclusive; `NaN` never passes.
 *
 * @example
 * ```ts
 * import { number, readOptions } from '@holdfast/pipeline';
 *
 * readOptions('pool', { fillRatio: 0.5 }, { fillRatio: number(0, 1) }, {});
 * ```
 */
export function number(min: number, max = Infinity): Rule {
  return (value) =>
    typeof value === 'number' && value >= min && value <= max
      ? undefined
      : `must be a number${bounds(min, max)}`;
}

/**
 * A value whose `typeof` is the given one; an `object` is never null.
 *
 * @example
 * ```ts
 * import { type, readOptions } from '@holdfast/pipeline';
 *
 * readOptions('pool', { onFull: () => {} }, { onFull: type('function') }, {});
 * ```
 */
export function type(name: 'function' | 'string' | 'boolean' | 'object'): Rule {
  return (value) =>
    typeof value === name && value !== null ? undefined : `must be ${name === 'object' ? 'an' : 'a'} ${name}`;
}

/**
 * An object with the listed methods.
 *
 * @example
 * ```ts
 * import { having, readOptions, systemClock } from '@holdfast/pipeline';
 *
 * readOptions('pool', { clock: systemClock }, { clock: having('now', 'setTimer') }, {});
 * ```
 */
export function having(...methods: readonly string[]): Rule {
  return (value) =>
    typeof value === 'object' &&
    value !== null &&
    methods.every((name) => typeof (value as Record<string, unknown>)[name] === 'function')
      ? undefined
      : `must be an object with the method${methods.length > 1 ? 's' : ''} ${methods.join(', ')}`;
}

/**
 * One of the listed strings.
 *
 * @example
 * ```ts
 * import { oneOf, readOptions } from '@holdfast/pipeline';
 *
 * readOptions('pool', { order: 'fifo' }, { order: oneOf('fifo', 'lifo') }, {});
 * ```
 */
export function oneOf(...choices: readonly string[]): Rule {
  return (value) =>
    choices.some((choice) => choice === value)
      ? undefined
      : `must be one of ${choices.map(quote).join(', ')}`;
}

/**
 * A value that at least one of the rules accepts.
 *
 * @example
 * ```ts
 * import { either, integer, readOptions, type } from '@holdfast/pipeline';
 *
 * readOptions('pool', { size: () => 10 }, { size: either(integer(1), type('function')) }, {});
 * ```
 */
export function either(...rules: readonly Rule[]): Rule {
  return (value) => {
    const broken = rules.map((rule) => rule(value));
    return broken.includes(undefined) ? undefined : broken.join(' or ').replaceAll(' or must be', ' or');
  };
}

/** A text in an error message: short, and on one line. */
const quote = (text: string) => JSON.stringify(text.length > 40 ? `${text.slice(0, 40)}…` : text);

/** What rules say of options that may be numbers. */
const NUMERIC = /\b(integer|number)\b/;
/** What those say that leave no room for secrets: numbers, switches and choices. */
const OPEN = /^must be (an? (finite )?(integer|number|boolean)|one of)\b/;

/** Shows a value in an error message, and of what may be a secret its kind only. */
function show(value: unknown, broken: string): string {
  const isOpen = OPEN.test(broken);
  if (typeof value === 'string') return isOpen ? quote(value) : `a string of length ${value.length}`;
  if (typeof value === 'number' || typeof value === 'bigint')
    return isOpen || NUMERIC.test(broken) ? String(value) : `a ${typeof value}`;
  if (typeof value === 'object' && value !== null) return Array.isArray(value) ? 'an array' : 'an object';
  return value === null || value === undefined || typeof value === 'boolean'
    ? String(value)
    : `a ${typeof value}`;
}

/**
 * Throws unless `value` follows `rule`. The error shows a number only where the rule speaks of one, and a text only where it
 * begins with `must be an integer`, `a number`, `a boolean` or `one of`: whatever else may be a secret, and is told by its
 * kind.
 *
 * @param name - how the error names the value, e.g. `circuitBreaker: openMs`
 * @throws {@link TypeError} when the value is of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { check, integer } from '@holdfast/pipeline';
 *
 * const resize = (size: number) => check('resize: size', size, integer(1, 100));
 * resize(10);
 * ```
 */
export function check(name: string, value: unknown, rule: Rule): void {
  const broken = rule(value);
  if (broken === undefined) return;
  const outOfBounds = typeof value === 'number' && NUMERIC.test(broken);
  const Wrong = outOfBounds ? RangeError : TypeError;
  throw new Wrong(`${name} ${broken}, got ${show(value, broken)}`);
}

/**
 * Checks an options object against its rules and fills in the defaults. An option that is `undefined` counts as not
 * given; `0`, `''` and `false` are values.
 *
 * @param owner - the function whose options these are; errors begin with it
 * @returns a new frozen object: the defaults, overlaid with what was given
 * @throws {@link TypeError} when the options are not an object, when one is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { integer, readOptions } from '@holdfast/pipeline';
 *
 * const { size } = readOptions('pool', { size: 4 }, { size: integer(1) }, { size: 10 });
 * ```
 */
export function readOptions<O extends object, D extends Partial<O>>(
  owner: string,
  options: O,
  rules: Rules<O>,
  defaults: D,
): Readonly<O & D> {
  check(`${owner}: options`, options, type('object'));
  const read: Record<string, unknown> = { ...defaults };
  for (const [name, value] of Object.entries(options)) {
    const rule = Object.hasOwn(rules, name) ? rules[name as keyof O] : undefined;
    if (rule === undefined) {
      throw new TypeError(`${owner} has no option ${quote(name)}; it takes ${Object.keys(rules).join(', ')}`);
    }
    if (value === undefined) continue;
    check(`${owner}: ${name}`, value, rule);
    read[name] = value;
  }
  return Object.freeze(read) as Readonly<O & D>;
}
