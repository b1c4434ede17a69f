import { ConfigError, type ConfigProblem } from './config-error.ts';
import { detectEnvironment, type Environment, type Variables } from './environment.ts';
import { readSecret } from './read-secret.ts';
import type { ConfigOf, Declaration, PlainSetting, Setting } from './setting.ts';
import { unknownVariables } from './unknown-variables.ts';

/** A configuration that holds. */
export interface Config<D extends Declaration> {
  readonly environment: Environment;
  readonly values: ConfigOf<D>;
  /** What would be refused in production, and variables that nothing reads. */
  readonly warnings: readonly ConfigProblem[];
}

/** What {@link loadConfig} takes besides. */
export interface LoadConfigOptions {
  /**
   * How the variables of the service begin, e.g. `INCIDENTS_`: those that begin like this, after `DEV_`, `STAGING_` or
   * `PROD_` as well, and that nothing reads are told. Default: nobody looks for any.
   */
  readonly prefix?: string | undefined;
}

/**
 * Reads the configuration of a service, all of it at once.
 *
 * @param declaration - what there is; name by name, the variable that it is read from
 * @param variables - e.g. `process.env`; one that is set to nothing counts as not set
 * @throws {@link ConfigError} with everything that is missing or wrong
 *
 * @example
 * ```ts
 * import { loadConfig, parse } from '@holdfast/example-service-kit';
 *
 * const { values } = loadConfig(
 *   {
 *     port: { variable: 'PORT', parse: parse.integer(0, 65_535), default: 3284, about: 'Where it listens.' },
 *     jwtSecret: { variable: 'JWT_SECRET', secret: true, perEnvironment: true, about: 'Signs tokens.' },
 *   },
 *   process.env,
 * );
 * console.log(values.port, values.jwtSecret); // 3284 [secret]
 * ```
 */
export function loadConfig<const D extends Declaration>(
  declaration: D,
  variables: Variables,
  { prefix }: LoadConfigOptions = {},
): Config<D> {
  const detected = detectEnvironment(variables);
  // Where nobody knows where, the rest is held to what production is, so that all that is wrong is told at once.
  const environment = detected ?? 'production';
  const problems: ConfigProblem[] = [];
  if (detected === undefined) {
    const variable = variables['VERCEL_ENV'] ? 'VERCEL_ENV' : 'NODE_ENV';
    problems.push({ variable, problem: 'must be development, test, staging, preview or production' });
  }
  const warnings: ConfigProblem[] = [];
  const read = (setting: Setting): unknown => {
    if (setting.secret !== true) return readPlain(setting, variables, environment, problems);
    const { value, refused, warned } = readSecret(setting, variables, environment);
    if (refused !== undefined) problems.push(refused);
    warnings.push(...warned);
    return value;
  };
  const values = Object.entries(declaration).map(([name, setting]) => [name, read(setting)] as const);
  const unknown = prefix === undefined ? [] : unknownVariables(declaration, variables, prefix);
  if (problems.length > 0) throw new ConfigError([...problems, ...unknown]);
  return {
    environment,
    values: Object.freeze(Object.fromEntries(values)) as ConfigOf<D>,
    warnings: [...warnings, ...unknown],
  };
}

function readPlain(
  setting: PlainSetting<unknown>,
  variables: Variables,
  environment: Environment,
  problems: ConfigProblem[],
): unknown {
  const { variable, parse, optional = false, defaults = {} } = setting;
  const text = variables[variable]?.trim() ?? '';
  if (text === '') {
    const value = environment in defaults ? defaults[environment] : setting.default;
    if (value === undefined && !optional) problems.push({ variable, problem: 'must be set' });
    return value;
  }
  try {
    return parse(text);
  } catch (error) {
    // Other errors may quote the text, as those of JSON.parse do.
    const isRule = error instanceof Error && error.message.startsWith('must ');
    problems.push({ variable, problem: isRule ? error.message : 'cannot be read' });
    return undefined;
  }
}
