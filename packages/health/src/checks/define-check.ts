import type { Rules } from '@holdfast/pipeline';
import {
  overrideRules,
  type CheckContext,
  type CheckOverrides,
  type CheckResult,
  type HealthCheck,
} from '../check.ts';
import { readRequired } from '../rules.ts';

/** What a built-in check is made of. */
export interface CheckDefinition<O extends CheckOverrides, D extends Partial<O>> {
  /** The function that makes it; errors begin with it. */
  readonly owner: string;
  readonly options: O;
  /** Rules for the options that only this check has. */
  readonly rules: Rules<Omit<O, keyof CheckOverrides>>;
  readonly defaults: D & { readonly name: string };
  /** The options that must be given. */
  readonly required?: readonly (keyof O & string)[];
}

/** The options of a built-in check, with its defaults filled in. */
export type CheckSettings<O, D> = Readonly<O & D & { name: string }>;

/**
 * Makes a built-in check: its own options go to `run`, the others to the health.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function defineCheck<O extends CheckOverrides, D extends Partial<O>>(
  { owner, options, rules, defaults, required = [] }: CheckDefinition<O, D>,
  run: (
    settings: CheckSettings<O, D>,
    context: CheckContext,
  ) => CheckResult | void | PromiseLike<CheckResult | void>,
): HealthCheck {
  const all = { ...overrideRules, ...rules } as unknown as Rules<O>;
  const settings = readRequired(owner, options, all, defaults as unknown as D, required) as CheckSettings<
    O,
    D
  >;
  const overrides = Object.entries(settings).filter(([name]) => name in overrideRules);
  return {
    ...(Object.fromEntries(overrides) as CheckOverrides & { name: string }),
    run: (context) => run(settings, context),
  };
}
