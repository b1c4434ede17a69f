import { type } from '@holdfast/pipeline';
import type { CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import { listOf } from '../rules.ts';
import { defineCheck } from './define-check.ts';

/** What {@link configurationCheck} takes. */
export interface ConfigurationCheckOptions extends CheckOverrides {
  /** The names of the settings that must be there, and not be empty. Default: none. */
  readonly required?: readonly string[] | undefined;
  /** Names the settings that are there but wrong. Names only: reports show them. Default: none. */
  readonly invalid?: (() => readonly string[]) | undefined;
  /** Where the settings are. Default: the environment. */
  readonly settings?: Readonly<Record<string, unknown>> | undefined;
}

/**
 * Looks whether the configuration is complete. Its name is `configuration` unless told otherwise; it looks at no
 * dependency, and tells names of settings but no values.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { configurationCheck } from '@holdfast/health';
 *
 * const check = configurationCheck({ required: ['DATABASE_URL', 'SIGNING_KEY'], kinds: ['startup'] });
 * ```
 */
export function configurationCheck(options: ConfigurationCheckOptions = {}): HealthCheck {
  return defineCheck(
    {
      owner: 'configurationCheck',
      options,
      rules: { required: listOf(type('string')), invalid: type('function'), settings: type('object') },
      defaults: {
        name: 'configuration',
        required: [] as readonly string[],
        dependency: false,
        recommendation: 'set what is missing, and start again',
      },
    },
    ({ required, invalid, settings = process.env }): CheckResult => {
      const missing = required.filter((name) => settings[name] === undefined || settings[name] === '');
      if (missing.length > 0)
        return { state: 'down', reason: 'missing', details: { missing: missing.join(', ') } };
      const wrong = invalid?.() ?? [];
      if (wrong.length > 0)
        return { state: 'down', reason: 'invalid', details: { invalid: wrong.join(', ') } };
      return { state: 'up' };
    },
  );
}
