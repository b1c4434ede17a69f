import { Secret, secretWeakness } from '@holdfast/credential-broker';
import type { ConfigProblem } from './config-error.ts';
import type { Environment, Variables } from './environment.ts';
import type { SecretSetting, Setting } from './setting.ts';

const PREFIXES: Readonly<Record<Environment, string>> = {
  development: 'DEV_',
  staging: 'STAGING_',
  production: 'PROD_',
};

/** A secret, with what is wrong with it: refused, or only worth a warning. */
export interface ReadSecret {
  readonly value: Secret | undefined;
  readonly refused?: ConfigProblem | undefined;
  readonly warned: readonly ConfigProblem[];
}

/** The names that a secret may have, the proper one first. */
export function namesOf(setting: SecretSetting, where: Environment): readonly [string, ...string[]] {
  const { variable, perEnvironment, fallbacks = [] } = setting;
  return perEnvironment === true
    ? [PREFIXES[where] + variable, variable, ...fallbacks]
    : [variable, ...fallbacks];
}

/** Every name by which a setting is read, wherever that is. */
export const everyNameOf = (setting: Setting): readonly string[] =>
  setting.secret === true
    ? Object.keys(PREFIXES).flatMap((where) => namesOf(setting, where as Environment))
    : [setting.variable];

/** Reads a secret. In production it must have its proper name; outside development it must not be weak. */
export function readSecret(setting: SecretSetting, variables: Variables, where: Environment): ReadSecret {
  const [proper, ...others] = namesOf(setting, where);
  const found = [proper, ...others].find((name) => given(variables, name) !== undefined);
  if (found === undefined) return absent(setting, proper, where);
  if (found !== proper && where === 'production')
    return refuse(proper, `must be set; ${found} does not do in production`);
  const text = given(variables, found) ?? '';
  const weakness = secretWeakness(text, setting.minBytes);
  if (weakness !== undefined && where !== 'development') return refuse(found, weakness);
  return {
    value: new Secret(text),
    warned: [
      ...(found === proper ? [] : [{ variable: proper, problem: `is not set; ${found} is taken instead` }]),
      ...(weakness === undefined ? [] : [{ variable: found, problem: `${weakness}; refused elsewhere` }]),
    ],
  };
}

function absent(setting: SecretSetting, proper: string, where: Environment): ReadSecret {
  const { optional = false, developmentDefault } = setting;
  if (where === 'development' && developmentDefault !== undefined) {
    const problem = 'is not set; what is known to everybody is taken, in development only';
    return { value: new Secret(developmentDefault), warned: [{ variable: proper, problem }] };
  }
  return optional ? { value: undefined, warned: [] } : refuse(proper, 'must be set');
}

const refuse = (variable: string, problem: string): ReadSecret => ({
  value: undefined,
  refused: { variable, problem },
  warned: [],
});

/** A variable that is set to nothing counts as one that is not set. */
const given = (variables: Variables, name: string) => variables[name] || undefined;
