import { definePolicy, type AccessRequest, type Policy, type PolicyRule } from '@holdfast/credential-broker';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { decideNaively } from './naive-policy.ts';

const some = <T>(...choices: readonly T[]) =>
  fc.option(fc.uniqueArray(fc.constantFrom(...choices), { minLength: 1, maxLength: 2 }), {
    nil: undefined,
    freq: 1,
  });
const one = <T>(...choices: readonly T[]) => fc.option(fc.constantFrom(...choices), { nil: undefined });

/** Texts of few letters, so that rules and requests meet. */
const words = (...letters: readonly string[]) =>
  fc.array(fc.constantFrom(...letters), { minLength: 1, maxLength: 5 }).map((parts) => parts.join(''));
const ref = words('a', 'b', '/', '#', '?', 'op://', 'env://');
const pattern = words('a', 'b', '/', '#', '?', 'op://', '*', '**').filter((text) => !text.includes('***'));
const patterns = fc.uniqueArray(pattern, { minLength: 1, maxLength: 3 });
const optionalPatterns = fc.option(patterns, { nil: undefined, freq: 1 });

const allow = fc.record({
  tenants: fc.uniqueArray(fc.constantFrom('a', 'b', '*', 'a*'), { minLength: 1, maxLength: 2 }),
  refs: fc.oneof({ weight: 2, arbitrary: fc.constant(['**']) }, { weight: 3, arbitrary: patterns }),
  resourceTypes: some('database' as const, 'api' as const),
  principals: optionalPatterns,
  principalTypes: some('agent' as const, 'user' as const),
  roles: some('dev', 'ops'),
  scopes: some('read', 'write', '*', 're*'),
  audiences: optionalPatterns,
  modes: some('reference' as const, 'disclose' as const, 'sealed' as const),
  ttlSeconds: one(30, 60),
  maxTtlSeconds: one(60, 3_600),
  approval: one('none' as const, 'self' as const, 'third-party' as const),
  oneTime: one(true, false),
  proof: one(true, false),
});
const deny = allow.map(({ ttlSeconds, maxTtlSeconds, approval, oneTime, proof, ...rule }) => {
  void [ttlSeconds, maxTtlSeconds, approval, oneTime, proof];
  return { ...rule, effect: 'deny' as const };
});
const rules = fc
  .array(fc.oneof({ weight: 4, arbitrary: allow }, { weight: 1, arbitrary: deny }), { maxLength: 20 })
  .map((list): readonly PolicyRule[] => list.map((rule, at) => ({ id: `rule-${at}`, ...rule })));

const request = fc.record({
  principal: fc.record({
    id: words('a', 'b', '/'),
    tenant: fc.constantFrom('a', 'b', 'ab', 'c'),
    type: fc.constantFrom('agent' as const, 'workload' as const, 'user' as const),
    roles: fc.option(fc.subarray(['dev', 'ops', 'none']), { nil: undefined }),
  }),
  resource: fc.record({ type: fc.constantFrom('database' as const, 'api' as const, 'ssh' as const), ref }),
  scope: fc.uniqueArray(fc.constantFrom('read', 'write', 'rename'), { minLength: 1, maxLength: 2 }),
  audience: fc.option(words('a', 'b', '/'), { nil: undefined }),
  mode: fc.constantFrom('reference' as const, 'sealed' as const, 'injected' as const, 'disclose' as const),
  ttlMs: one(1_000, 45_000, 7_200_000),
});

const shown = (policy: Policy, asked: AccessRequest) => {
  const decision = policy.decide(asked);
  if (!decision.allowed) return decision.rule === undefined ? 'denied' : `denied by ${decision.rule}`;
  const { rule, ttlMs, maxTtlMs, approval, oneTime, proof } = decision;
  return JSON.stringify([rule, ttlMs, maxTtlMs, approval, oneTime, proof]);
};

it('an indexed policy decides what a walk over all rules decides', () => {
  const seen = new Map<string, number>();
  fc.assert(
    fc.property(rules, fc.array(request, { minLength: 10, maxLength: 10 }), (list, requests) => {
      const policy = definePolicy({ rules: list });
      for (const asked of requests) {
        const expected = decideNaively(list, asked);
        expect(shown(policy, asked)).toBe(expected);
        const kind = expected.startsWith('[') ? 'allowed' : expected.replace(/-\d+/, '');
        seen.set(kind, (seen.get(kind) ?? 0) + 1);
      }
    }),
    { numRuns: 300 },
  );
  // All of it happens often enough to mean something.
  expect([...seen.keys()].sort()).toEqual(['allowed', 'denied', 'denied by rule']);
  expect(Math.min(...seen.values())).toBeGreaterThan(20);
});

it('a rule that is said to decide nothing can be taken away', () => {
  let warned = 0;
  fc.assert(
    fc.property(rules, fc.array(request, { minLength: 20, maxLength: 20 }), (list, requests) => {
      const { warnings } = definePolicy({ rules: list });
      const idle = new Set(
        warnings.flatMap(({ message }) => /rules\[(\d+)\] never/.exec(message)?.[1] ?? []).map(Number),
      );
      warned += idle.size;
      const rest = list.filter((_, at) => !idle.has(at));
      // Which of several rules that forbid is named does not matter.
      const outcome = (rules: readonly PolicyRule[], asked: AccessRequest) =>
        decideNaively(rules, asked).replace(/denied.*/, 'denied');
      for (const asked of requests) expect(outcome(rest, asked)).toBe(outcome(list, asked));
    }),
    { numRuns: 300 },
  );
  expect(warned).toBeGreaterThan(0);
});
