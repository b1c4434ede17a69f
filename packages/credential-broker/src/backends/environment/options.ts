import { oneOf, readOptions, type as typeRule, type Rule, type Rules } from '@holdfast/pipeline';
import { detectEnvironment, type EnvironmentName, type Variables } from './detect-environment.ts';

/** What {@link environment} takes. */
export interface EnvironmentOptions {
  /** The variables, e.g. `process.env`; read at each call. */
  readonly env: Variables;
  /** What the service runs for. Default: what {@link detectEnvironment} says. */
  readonly name?: EnvironmentName | undefined;
  /** What the name of a variable begins with, behind `DEV_`, `STAGING_` or `PROD_`. Default nothing. */
  readonly prefix?: string | undefined;
  /**
   * Variables that stand in for a secret which has none for this environment, after the one of its own name; in order. Never
   * in production. Default none.
   */
  readonly fallbacks?: Readonly<Record<string, readonly string[]>> | undefined;
  /** Hears once of each secret that would be refused in production. Default `console.warn`. */
  readonly onWarning?: ((warning: string) => void) | undefined;
}

const variable: Rule = (value) =>
  typeof value === 'string' && /^[A-Z0-9_]{0,64}$/.test(value)
    ? undefined
    : 'must be capital letters, digits and "_", at most 64';

const lists: Rule = (value) =>
  typeof value === 'object' && value !== null && Object.values(value).every(Array.isArray)
    ? undefined
    : 'must be an object whose values are lists of variables';

const rules: Rules<EnvironmentOptions> = {
  env: typeRule('object'),
  name: oneOf('development', 'staging', 'production'),
  prefix: variable,
  fallbacks: lists,
  onWarning: typeRule('function'),
};

/** Checks options and fills in the defaults. */
export function readEnvironmentOptions(options: EnvironmentOptions) {
  const settings = readOptions('environment', options, rules, {
    prefix: '',
    fallbacks: {},
    onWarning: console.warn as (warning: string) => void,
  });
  if (typeof settings.env !== 'object') throw new TypeError('environment: env must be an object');
  return { ...settings, name: settings.name ?? detectEnvironment(settings.env) };
}

/** Options as {@link environment} works with them. */
export type EnvironmentSettings = ReturnType<typeof readEnvironmentOptions>;
