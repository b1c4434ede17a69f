import { check, oneOf, readOptions, type, type Rule, type Rules } from '@holdfast/pipeline';
import { anyGlob } from '../policy/glob.ts';
import type { Injection, InjectionRule } from './injection-rule.ts';
import { isPathPattern } from './path-pattern.ts';
import { isPointer } from './place-in-json.ts';
import { fieldsOf, isTemplate, template } from './template.ts';

/** A rule with its defaults, ready to be held against requests. */
export interface CompiledRule extends InjectionRule {
  readonly methods: readonly string[];
  readonly isFor: (ref: string) => boolean;
}

const METHODS: readonly unknown[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];
const HEADER = /^[a-z0-9!#$%&'*+.^_`|~-]{1,64}$/;
/** What a client must not choose: who it is, the connection, and what some servers read in place of method or path. */
const RESERVED =
  /^(authorization|cookie2?|dpop|host|connection|content-(length|encoding)|accept-encoding|expect|forwarded|keep-alive|range|if-range|te|trailer|transfer-encoding|upgrade|proxy-.*|x-forwarded-.*|x-(http-)?method(-override)?|x-original-.*|x-rewrite-.*)$/;
/** What would tell of another body than the one that is handed on. */
const OF_CONNECTION =
  /^(connection|content-(length|encoding)|keep-alive|trailer|transfer-encoding|upgrade|proxy-.*)$/;

const matching =
  (what: string, holds: (value: unknown) => boolean): Rule =>
  (value) =>
    holds(value) ? undefined : `must be ${what}`;

const list = (what: string, holds: (value: unknown) => boolean, atLeast = 1): Rule =>
  matching(
    `a list of ${what}`,
    (value) => Array.isArray(value) && value.length >= atLeast && value.length <= 256 && value.every(holds),
  );

const text = (pattern: RegExp) => (value: unknown) => typeof value === 'string' && pattern.test(value);
const isOrigin = (value: unknown) =>
  typeof value === 'string' &&
  /^https?:/.test(value) &&
  URL.canParse(value) &&
  new URL(value).origin === value;
const isHeaderName = (value: unknown) => text(HEADER)(value) && !text(RESERVED)(value);

const RULES: Rules<InjectionRule> = {
  id: matching('1 to 64 letters, digits, ., _ or -', text(/^[\w.-]{1,64}$/)),
  refs: list('patterns', text(/^[^\p{Cc}]{1,512}$/u)),
  origin: matching('an origin such as https://api.example', isOrigin),
  methods: list('GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS', (method) => METHODS.includes(method)),
  paths: list('paths in normal form, with * for a segment and ** at the end', isPathPattern),
  scope: type('string'),
  inject: list('places', (value) => type('object')(value) === undefined),
  requestHeaders: list('names in small letters that a client may set', isHeaderName, 0),
  responseHeaders: list(
    'names in small letters that an answer may have',
    (value) => text(HEADER)(value) && !text(OF_CONNECTION)(value),
    0,
  ),
};

const REQUIRED = ['id', 'refs', 'origin', 'paths', 'inject'] as const;

/**
 * Checks rules.
 *
 * @throws {@link TypeError} naming the rule and what is wrong with it
 */
export function compileRules(rules: readonly InjectionRule[]): readonly CompiledRule[] {
  return rules.map((rule, at) => {
    const owner = `createInjector: rules[${at}]`;
    const read = readOptions(owner, rule, RULES, { methods: ['GET', 'HEAD'] });
    for (const name of REQUIRED) {
      if (read[name] === undefined) throw new TypeError(`${owner}: ${name} must be given`);
    }
    for (const [index, injection] of read.inject.entries())
      checkInjection(`${owner}: inject[${index}]`, injection);
    return { ...read, isFor: anyGlob(read.refs) };
  });
}

const NAME = matching('text of 1 to 256 characters', text(/^[^\p{Cc}]{1,256}$/u));
const MAYBE_TEMPLATE = matching('text with {fields} of the credential', isTemplate);

function checkInjection(owner: string, injection: Injection): void {
  check(`${owner}: into`, injection.into, oneOf('header', 'basic', 'query', 'form', 'json'));
  if (injection.into === 'basic') {
    const { username = '{username}', password = '{password}' } = injection;
    check(`${owner}: username`, username, MAYBE_TEMPLATE);
    check(`${owner}: password`, password, MAYBE_TEMPLATE);
    check(
      `${owner}: username or password`,
      [username, password].flatMap(fieldsOf),
      list('fields', () => true),
    );
    return;
  }
  check(`${owner}: template`, injection.template, template);
  if (injection.into === 'json')
    check(`${owner}: pointer`, injection.pointer, matching('a JSON pointer', isPointer));
  else if (injection.into === 'header')
    check(`${owner}: name`, injection.name, matching('the name of a header field in small letters', isPlace));
  else check(`${owner}: name`, injection.name, NAME);
}

/** A secret may go to fields that a client may not set, save for those of the connection. */
const isPlace = (name: unknown) =>
  isHeaderName(name) || text(/^(authorization|cookie|x-forwarded-.*)$/)(name);
