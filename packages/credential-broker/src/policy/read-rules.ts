import { check, integer, oneOf, type, type Rule } from '@holdfast/pipeline';
import { RESOURCE_TYPES } from '../broker/resource.ts';
import type { PolicyRule } from './policy-rule.ts';

/** A mistake, and where it is. */
export interface RuleMistake {
  readonly message: string;
  /** The keys and indexes that lead to it. */
  readonly path: readonly (string | number)[];
  /** Whether the key is wrong rather than the value. */
  readonly key?: boolean | undefined;
}

/** How much text a value may have. */
const text =
  (max: number): Rule =>
  (value) =>
    typeof value === 'string' && value.length >= 1 && value.length <= max
      ? undefined
      : `must be a string of 1 to ${max} characters`;

const pattern: Rule = (value) =>
  text(512)(value) ??
  ((value as string).includes('***') ? 'must be a pattern with at most two stars in a row' : undefined);

/** A field of a rule: the rule for its value, or for each entry of its list. */
type Field = { readonly value: Rule } | { readonly each: Rule };

const DAY_SECONDS = 86_400;

const FIELDS: { readonly [K in keyof PolicyRule]-?: Field } = {
  id: { value: text(128) },
  effect: { value: oneOf('allow', 'deny') },
  tenants: { each: pattern },
  refs: { each: pattern },
  resourceTypes: { each: oneOf(...RESOURCE_TYPES) },
  principals: { each: pattern },
  principalTypes: { each: oneOf('agent', 'workload', 'user') },
  roles: { each: text(128) },
  scopes: { each: pattern },
  audiences: { each: pattern },
  modes: { each: oneOf('reference', 'sealed', 'injected', 'disclose') },
  ttlSeconds: { value: integer(1, DAY_SECONDS) },
  maxTtlSeconds: { value: integer(1, DAY_SECONDS) },
  approval: { value: oneOf('none', 'self', 'third-party') },
  oneTime: { value: type('boolean') },
  proof: { value: type('boolean') },
};

/** What a rule says about what it allows, and so means nothing in one that forbids. */
const GIVES = ['ttlSeconds', 'maxTtlSeconds', 'approval', 'oneTime', 'proof'] as const;

const MAX_RULES = 100_000;
const MAX_LIST = 256;

const isRecord = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** `rules[2].refs[0]` */
const show = (path: readonly (string | number)[]) =>
  path.map((step, at) => (typeof step === 'number' ? `[${step}]` : at === 0 ? step : `.${step}`)).join('');

/** Collects what is wrong with a policy. */
class Reader {
  readonly mistakes: RuleMistake[] = [];

  add(path: readonly (string | number)[], message: string, key = false): void {
    this.mistakes.push({ path, message: path.length === 0 ? message : `${show(path)} ${message}`, key });
  }

  follow(path: readonly (string | number)[], value: unknown, rule: Rule): boolean {
    try {
      check(show(path), value, rule);
      return true;
    } catch (error) {
      this.mistakes.push({ path, message: (error as Error).message });
      return false;
    }
  }

  list(path: readonly (string | number)[], value: unknown, max: number): readonly unknown[] {
    const rule: Rule = (list) =>
      Array.isArray(list) && list.length <= max ? undefined : `must be a list of at most ${max}`;
    return this.follow(path, value, rule) ? (value as readonly unknown[]) : [];
  }

  rule(path: readonly (string | number)[], value: unknown): void {
    if (!isRecord(value)) return this.add(path, 'must be a rule: an object');
    for (const [name, field] of Object.entries(value)) {
      if (!Object.hasOwn(FIELDS, name)) this.add([...path, name], 'is no field of a rule', true);
      else if (field !== undefined) this.field([...path, name], field, FIELDS[name as keyof PolicyRule]);
    }
    for (const name of ['id', 'tenants', 'refs']) {
      if (value[name] === undefined) this.add(path, `must have ${name}`);
    }
    const given = GIVES.filter((name) => value['effect'] === 'deny' && value[name] !== undefined);
    for (const name of given) this.add([...path, name], 'has no meaning in a rule that denies', true);
    if (Number(value['ttlSeconds']) > Number(value['maxTtlSeconds'] ?? DEFAULT_MAX_TTL_SECONDS)) {
      this.add([...path, 'ttlSeconds'], 'must not be above maxTtlSeconds');
    }
  }

  field(path: readonly (string | number)[], value: unknown, field: Field): void {
    if ('value' in field) return void this.follow(path, value, field.value);
    const list = this.list(path, value, MAX_LIST);
    if (Array.isArray(value) && list.length === 0 && value.length === 0) this.add(path, 'must not be empty');
    for (const [at, entry] of list.entries()) this.follow([...path, at], entry, field.each);
  }

  unlike(rules: readonly unknown[]): void {
    const seen = new Map<unknown, number>();
    for (const [at, rule] of rules.entries()) {
      const id = isRecord(rule) ? rule['id'] : undefined;
      const first = seen.get(id);
      if (typeof id !== 'string') continue;
      if (first === undefined) seen.set(id, at);
      else this.add(['rules', at, 'id'], `is the id of rules[${first}] as well`);
    }
  }
}

/** How long a credential may live where a rule does not say. */
export const DEFAULT_MAX_TTL_SECONDS = 900;

/** Looks for everything that is wrong with a policy. */
export function findMistakes(policy: unknown): readonly RuleMistake[] {
  const reader = new Reader();
  if (!isRecord(policy)) return [{ path: [], message: 'must be an object with rules' }];
  for (const name of Object.keys(policy)) {
    if (name !== 'rules') reader.add([name], 'is no field of a policy; it has rules', true);
  }
  if (policy['rules'] === undefined) return [...reader.mistakes, { path: [], message: 'must have rules' }];
  const rules = reader.list(['rules'], policy['rules'], MAX_RULES);
  for (const [at, rule] of rules.entries()) reader.rule(['rules', at], rule);
  reader.unlike(rules);
  return reader.mistakes;
}

/**
 * A rule without what is not given, its fields in one order, and its lists its own. Its references are put in Unicode's
 * form C, in which requests name theirs.
 */
export function normalizeRule(rule: PolicyRule): PolicyRule {
  const given = (Object.keys(FIELDS) as (keyof PolicyRule)[]).filter((name) => rule[name] !== undefined);
  const own = Object.fromEntries(
    given.map((name) => [name, structuredClone(rule[name])]),
  ) as unknown as PolicyRule;
  return { ...own, refs: own.refs.map((ref) => ref.normalize('NFC')) };
}
