import {
  definePolicy,
  PolicyError,
  type AccessRequest,
  type PolicyDocument,
  type PolicyRule,
} from '@holdfast/credential-broker';
import { describe, expect, it, vi } from 'vitest';

const base: PolicyRule = { id: 'orders', tenants: ['acme'], refs: ['op://prod/orders-*'] };
const asked: AccessRequest = {
  principal: { id: 'agent-7', tenant: 'acme', type: 'agent', roles: ['support'] },
  resource: { type: 'database', ref: 'op://prod/orders-db' },
  scope: ['read'],
  mode: 'reference',
};
const decide = (rules: readonly PolicyRule[], request: Partial<AccessRequest> = {}) =>
  definePolicy({ rules }).decide({ ...asked, ...request });
const mistakesOf = (document: unknown) => {
  try {
    definePolicy(document as PolicyDocument);
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).mistakes.map(({ message }) => message);
  }
  return [];
};

describe('a policy', () => {
  it('without rules denies everything', () => {
    expect(decide([])).toEqual({
      allowed: false,
      rule: undefined,
      reason: 'no rule lets this principal have this resource',
    });
  });

  it('gives what the rule says: for 5 minutes, once, without approval or proof unless told otherwise', () => {
    expect(decide([base])).toEqual({
      allowed: true,
      rule: 'orders',
      ttlMs: 300_000,
      maxTtlMs: 900_000,
      approval: 'none',
      oneTime: true,
      proof: false,
    });
  });

  it('gives no more time than the rule allows, and less where less is asked', () => {
    const rule = { ...base, maxTtlSeconds: 120 };
    expect(decide([rule])).toMatchObject({ ttlMs: 120_000 });
    expect(decide([rule], { ttlMs: 60_000 })).toMatchObject({ ttlMs: 60_000 });
    expect(decide([rule], { ttlMs: 600_000 })).toMatchObject({ ttlMs: 120_000, maxTtlMs: 120_000 });
  });

  it('warns of rules as long as that takes no time, in long lists as well', () => {
    const long = (count: number) => Array.from({ length: count }, (_, at) => `team-${at}`);
    const twice = (count: number) => [
      { ...base, tenants: long(count) },
      { ...base, tenants: long(count), id: 'again' },
    ];
    expect(definePolicy({ rules: twice(256) }).warnings).toHaveLength(1);
    const rules = Array.from({ length: 20 }, (_, at) => ({ ...base, tenants: long(256), id: `rule-${at}` }));
    expect(definePolicy({ rules }).warnings).toEqual([]);
  });

  it('does not let a request that says no audience past a rule that forbids some', () => {
    const no: PolicyRule = { ...base, id: 'no', effect: 'deny', audiences: ['https://evil/**'] };
    expect(decide([base, no], { audience: 'https://db' })).toMatchObject({ allowed: true });
    expect(decide([base, no], { audience: 'https://evil/x' })).toMatchObject({ rule: 'no' });
    expect(decide([base, no])).toMatchObject({ allowed: false, rule: 'no' });
  });

  it.each([
    ['vault://db', ['vault://db#password', 'vault://db/a', 'vault://db?x=y'], ['vault://dbs', 'vault://d']],
    ['vault://db#password', ['vault://db'], ['vault://db#username', 'vault://other', 'vault://d']],
    ['vault://**#password', ['vault://prod/db'], ['vault://prod/db#username']],
    ['op://prod/db/**', ['op://prod/db', 'op://prod'], ['op://prod/dbs', 'op://prod/other']],
    [
      'op://prod/db/pin',
      ['op://prod/db', 'op://prod/db/pin?attribute=value'],
      ['op://prod/db/user', 'op://prod/db/pins', 'op://prod/db/p'],
    ],
    ['op://prod/db', ['op://prod/db/pin', 'op://prod/db/a/pin?attribute=otp'], ['op://prod/d/pin']],
    ['op://prod/*/pin', ['op://prod/db', 'op://prod/x/pin/y'], ['op://prod/db/user', 'op://dev/db']],
    [
      'op://prod/db/code?attribute=otp',
      ['op://prod/db/code?attr=otp', 'op://prod/db/code', 'op://prod/db'],
      [],
    ],
    // What holds a thing that may stand anywhere could be anything.
    ['**/pin', ['op://prod/db/pin', 'op://prod/db/pin?attribute=value'], ['op://prod/db', 'op://prod/pins']],
    ['op://prod/**/pin', ['op://prod', 'op://prod/a/b/pin'], ['op://prod/db']],
    ['**/payroll/**', ['op://prod/payroll', 'op://prod/payroll/x'], ['op://prod/orders']],
  ])('that forbids %s forbids its parts and what it is part of', (forbidden, passedBefore, others) => {
    const no: PolicyRule = { ...base, id: 'no', effect: 'deny', refs: [forbidden] };
    const all: PolicyRule = { ...base, refs: ['**'] };
    const isAllowed = (ref: string) => decide([all, no], { resource: { type: 'generic', ref } }).allowed;
    expect(passedBefore.filter(isAllowed)).toEqual([]);
    expect(others.filter((ref) => !isAllowed(ref))).toEqual([]);
    expect(
      passedBefore.map(
        (ref) => decide([{ ...all, refs: [ref] }], { resource: { type: 'generic', ref } }).allowed,
      ),
    ).not.toContain(false);
  });

  it('that allows a thing allows no part of it, and not what it is part of', () => {
    const allowed = (ref: string) =>
      decide([{ ...base, refs: ['op://a/b'] }], { resource: { type: 'generic', ref } }).allowed;
    expect(['op://a', 'op://a/b', 'op://a/b/c', 'op://a/b#c'].map(allowed)).toEqual([
      false,
      true,
      false,
      false,
    ]);
  });

  it('looks at a reference once, however many parts it has and rules forbid', () => {
    const forbids = Array.from({ length: 256 }, (_, at) => `op://prod/**/${at}`);
    const policy = definePolicy({ rules: [{ id: 'no', effect: 'deny', tenants: ['*'], refs: forbids }] });
    const ref = `op://prod/${'a/'.repeat(1_000)}a`;
    using parts = vi.spyOn(String.prototype, 'slice');
    expect(policy.decide({ ...asked, resource: { type: 'api', ref } }).allowed).toBe(false);
    expect(parts.mock.calls.length).toBeLessThan(10);
  });

  it('takes a reference as one text, however its letters are put together', () => {
    const no: PolicyRule = { ...base, id: 'no', effect: 'deny', refs: ['op://prod/cafe\u0301'] };
    const all: PolicyRule = { ...base, refs: ['**'] };
    const resource = { type: 'generic', ref: 'op://prod/caf\u00e9' } as const;
    expect(decide([all, no], { resource })).toMatchObject({ allowed: false, rule: 'no' });
  });

  it('lets a rule that forbids beat all that allow, wherever it stands', () => {
    const no: PolicyRule = { id: 'no', effect: 'deny', tenants: ['**'], refs: ['op://prod/**'] };
    for (const rules of [
      [base, no],
      [no, base],
    ]) {
      expect(decide(rules)).toEqual({ allowed: false, rule: 'no', reason: 'a rule forbids it' });
    }
  });

  it('forbids as soon as one of the scopes is forbidden, and allows only if all are allowed', () => {
    const both = { ...base, scopes: ['read', 'write'] };
    const noWrite: PolicyRule = { ...base, id: 'no-write', effect: 'deny', scopes: ['write'] };
    expect(decide([both], { scope: ['read', 'write'] }).allowed).toBe(true);
    expect(decide([both, noWrite], { scope: ['read', 'write'] }).allowed).toBe(false);
    expect(decide([both, noWrite]).allowed).toBe(true);
    expect(decide([base], { scope: ['read', 'write'] }).allowed).toBe(false);
  });

  it.each(['reference', 'sealed', 'injected'] as const)('allows %s where a rule does not say', (mode) => {
    expect(decide([base], { mode }).allowed).toBe(true);
  });

  it('never discloses unless a rule names it', () => {
    expect(decide([{ ...base, refs: ['**'], tenants: ['**'] }], { mode: 'disclose' }).allowed).toBe(false);
    expect(decide([{ ...base, modes: ['disclose'] }], { mode: 'disclose' }).allowed).toBe(true);
  });

  it('uses the first of several rules that allow', () => {
    const strict: PolicyRule = { ...base, id: 'strict', approval: 'third-party' };
    expect(decide([strict, base])).toMatchObject({ rule: 'strict', approval: 'third-party' });
    expect(decide([base, strict])).toMatchObject({ rule: 'orders', approval: 'none' });
  });

  it('takes nobody of another tenant, type, role or name', () => {
    const rule: PolicyRule = {
      ...base,
      principals: ['agent-*'],
      principalTypes: ['agent'],
      roles: ['support'],
    };
    const { principal } = asked;
    expect(decide([rule]).allowed).toBe(true);
    for (const change of [{ tenant: 'evil' }, { id: 'root' }, { type: 'user' as const }, { roles: [] }]) {
      expect(decide([rule], { principal: { ...principal, ...change } }).allowed).toBe(false);
    }
  });

  it.each<[string, Partial<AccessRequest>]>([
    ['no rule lets this principal have it in this mode', { mode: 'disclose' }],
    ['no rule lets this principal have it with this scope', { scope: ['write'] }],
    ['no rule lets this principal have it for this audience', { audience: 'https://other' }],
    ['no rule lets this principal have this resource', { resource: { type: 'database', ref: 'op://x' } }],
  ])('says what is missing without naming what was not named: %s', (reason, request) => {
    const rule = { ...base, audiences: ['https://db'] };
    expect(decide([rule], { audience: 'https://db', ...request })).toMatchObject({ reason });
  });

  it('tells nothing of the rules of others', () => {
    const foreign = { ...base, tenants: ['other'], scopes: ['write'] };
    expect(decide([foreign])).toEqual(decide([]));
  });

  it('has a version that follows its rules and nothing else', () => {
    const version = (rules: readonly PolicyRule[]) => definePolicy({ rules }).version;
    const { id, tenants, refs } = base;
    expect(version([base])).toBe(version([{ refs, tenants, id, roles: undefined }]));
    expect(version([base])).not.toBe(version([{ ...base, oneTime: false }]));
    expect(version([base])).not.toBe(version([]));
  });

  it('keeps its rules whatever becomes of the list they came from', () => {
    const refs = ['op://prod/orders-*'];
    const rules = [{ ...base, refs }];
    const policy = definePolicy({ rules });
    refs[0] = '**';
    rules.push({ ...base, id: 'late', refs: ['**'] });
    expect(policy.decide({ ...asked, resource: { type: 'api', ref: 'op://secret' } }).allowed).toBe(false);
    expect(policy.rules).toHaveLength(1);
  });
});

describe('the mistakes of a policy', () => {
  it.each<[unknown, string]>([
    [undefined, 'must be an object with rules'],
    [[], 'must be an object with rules'],
    [{}, 'must have rules'],
    [{ rules: {} }, 'rules must be a list of at most 100000, got an object'],
    [{ rules: [], rule: [] }, 'rule is no field of a policy; it has rules'],
    [{ rules: [7] }, 'rules[0] must be a rule: an object'],
    [{ rules: [{ ...base, refz: [] }] }, 'rules[0].refz is no field of a rule'],
    [{ rules: [JSON.parse('{"__proto__": {"id": "x"}}')] }, 'rules[0].__proto__ is no field of a rule'],
    [{ rules: [{ tenants: ['a'], refs: ['b'] }] }, 'rules[0] must have id'],
    [{ rules: [{ id: 'x', refs: ['b'] }] }, 'rules[0] must have tenants'],
    [{ rules: [{ id: 'x', tenants: ['a'] }] }, 'rules[0] must have refs'],
    [{ rules: [{ ...base, refs: [] }] }, 'rules[0].refs must not be empty'],
    [
      { rules: [{ ...base, refs: 'op://**' }] },
      'rules[0].refs must be a list of at most 256, got a string of length 7',
    ],
    [
      { rules: [{ ...base, refs: ['a', ''] }] },
      'rules[0].refs[1] must be a string of 1 to 512 characters, got a string of length 0',
    ],
    [
      { rules: [{ ...base, refs: ['***'] }] },
      'rules[0].refs[0] must be a pattern with at most two stars in a row, got a string of length 3',
    ],
    [
      { rules: [{ ...base, ttlSeconds: NaN }] },
      'rules[0].ttlSeconds must be an integer >= 1 and <= 86400, got NaN',
    ],
    [
      { rules: [{ ...base, ttlSeconds: 1.5 }] },
      'rules[0].ttlSeconds must be an integer >= 1 and <= 86400, got 1.5',
    ],
    [
      { rules: [{ ...base, maxTtlSeconds: 0 }] },
      'rules[0].maxTtlSeconds must be an integer >= 1 and <= 86400, got 0',
    ],
    [
      { rules: [{ ...base, maxTtlSeconds: '60' }] },
      'rules[0].maxTtlSeconds must be an integer >= 1 and <= 86400, got "60"',
    ],
    [{ rules: [{ ...base, ttlSeconds: 901 }] }, 'rules[0].ttlSeconds must not be above maxTtlSeconds'],
    [
      { rules: [{ ...base, modes: ['open'] }] },
      'rules[0].modes[0] must be one of "reference", "sealed", "injected", "disclose", got "open"',
    ],
    [
      { rules: [{ ...base, effect: 'block' }] },
      'rules[0].effect must be one of "allow", "deny", got "block"',
    ],
    [{ rules: [{ ...base, oneTime: 'no' }] }, 'rules[0].oneTime must be a boolean, got "no"'],
    [
      { rules: [{ ...base, effect: 'deny', proof: true }] },
      'rules[0].proof has no meaning in a rule that denies',
    ],
    [{ rules: [base, base] }, 'rules[1].id is the id of rules[0] as well'],
  ])('%j', (document, message) => {
    expect(mistakesOf(document)).toContain(message);
  });

  it('come all at once', () => {
    expect(mistakesOf({ rules: [{ id: '', tenants: [], refs: ['x'], roles: 'dev' }] })).toHaveLength(3);
  });
});

describe('the warnings of a policy', () => {
  const warningsOf = (...rules: readonly PolicyRule[]) =>
    definePolicy({ rules }).warnings.map(({ message }) => message);

  it('name a rule behind a wider one', () => {
    const wide = { ...base, id: 'wide', refs: ['op://prod/**'] };
    expect(warningsOf(wide, base)).toEqual(['rules[1] never decides anything, because of "wide"']);
    expect(warningsOf(base, wide)).toEqual([]);
  });

  it('name a rule under one that forbids all of it, wherever that stands', () => {
    const no: PolicyRule = { id: 'no', effect: 'deny', tenants: ['**'], refs: ['**'] };
    expect(warningsOf(base, no)).toEqual(['rules[0] never decides anything, because of "no"']);
  });

  it('name one of two rules that say the same', () => {
    expect(warningsOf(base, { ...base, id: 'again' })).toHaveLength(1);
    const no: PolicyRule = { ...base, id: 'no', effect: 'deny' };
    expect(warningsOf(no, { ...no, id: 'again' })).toEqual([
      'rules[1] never decides anything, because of "no"',
    ]);
  });

  it('name patterns that fit no reference, in rules that forbid as well', () => {
    const no: PolicyRule = {
      id: 'no',
      effect: 'deny',
      tenants: ['**'],
      refs: ['*', 'op://prod/', 'op://prod/**'],
    };
    const [first, second, ...others] = warningsOf(base, no);
    expect(first).toBe('rules[1].refs[0] fits no reference, which is scheme://path');
    expect(second).toBe('rules[1].refs[1] fits no reference, which is scheme://path');
    expect(others).toEqual(['rules[0] never decides anything, because of "no"']);
  });

  it('leave alone what asks for more modes, scopes, or other people', () => {
    const wide = { ...base, id: 'wide', refs: ['op://prod/**'] };
    expect(warningsOf(wide, { ...base, modes: ['disclose'] })).toEqual([]);
    expect(warningsOf(wide, { ...base, scopes: ['write'] })).toEqual([]);
    expect(warningsOf({ ...wide, roles: ['ops'] }, base)).toEqual([]);
  });
});
