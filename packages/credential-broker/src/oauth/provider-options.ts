import { check, readOptions, type Rule, type Rules } from '@holdfast/pipeline';
import { Secret } from '../secret/secret.ts';
import type { OAuthApplication } from './oauth-provider.ts';

const holds =
  (broken: string, rule: (value: unknown) => boolean): Rule =>
  (value) =>
    rule(value) ? undefined : `must be ${broken}`;

const isText = (value: unknown) => typeof value === 'string' && value !== '';

/** A text that says something. */
export const text = holds('a string that is not empty', isText);

/** Where a provider is: an address that goes into the address that a browser is sent to. */
export const address = holds(
  'an address with http or https, without user, password, query and fragment',
  (value) => {
    if (typeof value !== 'string' || !URL.canParse(value)) return false;
    const { protocol, username, password } = new URL(value);
    return /^https?:$/.test(protocol) && username + password === '' && !/[?#]/.test(value);
  },
);

/** The rules of {@link OAuthApplication}. */
export const applicationRules: Rules<OAuthApplication> = {
  clientId: text,
  clientSecret: holds('a Secret', (value) => value instanceof Secret),
  // What is asked for is joined by blanks (RFC 6749, section 3.3).
  scope: holds(
    'an array of scopes, without blanks',
    (value) => Array.isArray(value) && value.every((scope) => isText(scope) && !/\s/.test(String(scope))),
  ),
};

/**
 * Checks the options of a provider.
 *
 * @param owner - the function whose options they are
 * @param own - the rules of the options that only this provider has
 * @param required - those of them that it cannot do without; without a client id none can
 */
export function readProviderOptions<O extends OAuthApplication>(
  owner: string,
  options: O,
  own: Rules<Omit<O, keyof OAuthApplication>>,
  ...required: readonly (keyof O & string)[]
): Readonly<O> {
  const rules = { ...applicationRules, ...own } as Rules<O>;
  const read = readOptions(owner, options, rules, {});
  for (const name of ['clientId', ...required] as const) check(`${owner}: ${name}`, read[name], rules[name]);
  return read;
}
