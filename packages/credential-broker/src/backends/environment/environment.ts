import { Secret } from '../../secret/secret.ts';
import type { Backend } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import type { EnvironmentName } from './detect-environment.ts';
import { isWeakSecret } from './is-weak-secret.ts';
import { readEnvironmentOptions, type EnvironmentOptions, type EnvironmentSettings } from './options.ts';

const STAGES: Readonly<Record<EnvironmentName, string>> = {
  development: 'DEV_',
  staging: 'STAGING_',
  production: 'PROD_',
};

const SECRET_NAME = /^[A-Z][A-Z0-9_]{0,63}$/;
const STAGE_NAME = /^(DEV|STAGING|PROD)_/;

/** The value of a secret, and what there is to say against it. */
interface Found {
  readonly value: string;
  /** It is not the one for this environment. */
  readonly standsIn?: string | undefined;
  /** Others may know it. */
  readonly weak?: string | undefined;
}

function find({ env, name: stage, prefix, fallbacks }: EnvironmentSettings, name: string): Found | undefined {
  const own = STAGES[stage] + prefix + name;
  const others = Object.hasOwn(fallbacks, name) ? (fallbacks[name] ?? []) : [];
  const variable = [own, prefix + name, ...others].find((each) => (env[each] ?? '') !== '');
  const value = variable && env[variable];
  if (value === undefined || value === '') return undefined;
  const elsewhere = Object.values(STAGES)
    .map((other) => other + prefix + name)
    .find((other) => other !== own && env[other] === value);
  return {
    value,
    standsIn: variable === own ? undefined : `${variable} stands in for ${own}, which is not set`,
    weak:
      (elsewhere && `${variable} and ${elsewhere} are the same`) ||
      (isWeakSecret(value) ? `${variable} is short, a default or easy to guess` : undefined),
  };
}

/**
 * Reads secrets from the variables of the process: `env://AGENT_SECRET` is `DEV_AGENT_SECRET`, `STAGING_AGENT_SECRET` or
 * `PROD_AGENT_SECRET`, by what the service runs for. A general variable stands in for a missing one with a warning, and in
 * production not at all; there and in staging a weak secret is refused.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { environment } from '@holdfast/credential-broker/backends';
 *
 * const fallbacks = { AGENT_SECRET: ['SHARED_SECRET'] };
 * const backends = { env: environment({ env: process.env, fallbacks }) };
 * ```
 */
export function environment(options: EnvironmentOptions): Backend {
  const settings = readEnvironmentOptions(options);
  const warned = new Set<string>();

  function warn(doubt: string): void {
    if (warned.has(doubt)) return;
    warned.add(doubt);
    settings.onWarning(doubt);
  }

  function read(name: string): string {
    if (!SECRET_NAME.test(name) || STAGE_NAME.test(name)) {
      throw new BackendError('invalid', 'the reference is not the name of a secret, such as AGENT_SECRET');
    }
    const found = find(settings, name);
    if (found === undefined) throw new BackendError('not-found', 'there is no variable for this secret');
    const { value, standsIn, weak } = found;
    const refused = settings.name === 'production' ? (standsIn ?? weak) : settings.name === 'staging' && weak;
    if (refused) throw new BackendError('denied', `refused in ${settings.name}: ${refused}`);
    for (const doubt of [standsIn, weak]) if (doubt !== undefined) warn(doubt);
    return value;
  }

  return {
    kind: 'environment',
    keepsSecrets: true,
    async inspect({ path }, signal) {
      signal.throwIfAborted();
      read(path);
      return Promise.resolve({});
    },
    async issue({ path }, signal) {
      signal.throwIfAborted();
      return Promise.resolve({ credential: { value: new Secret(read(path)) } });
    },
    async health(signal) {
      signal.throwIfAborted();
      return Promise.resolve();
    },
  };
}
