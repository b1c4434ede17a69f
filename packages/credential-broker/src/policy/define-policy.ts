import { hash } from 'node:crypto';
import type { AccessPolicy, AccessRequest, Decision } from './access-policy.ts';
import { CompiledRule, FIT } from './compiled-rule.ts';
import { findWarnings } from './find-warnings.ts';
import { PolicyError, type PolicyMistake } from './policy-error.ts';
import type { PolicyRule } from './policy-rule.ts';
import { findMistakes, normalizeRule } from './read-rules.ts';
import { RuleIndex } from './rule-index.ts';

/** What a policy is made of. */
export interface PolicyDocument {
  /** At most 100,000. Of several rules that allow the same, the first one counts. */
  readonly rules: readonly PolicyRule[];
}

/** A policy made of rules. */
export interface Policy extends AccessPolicy {
  /** The rules, as they were understood. */
  readonly rules: readonly PolicyRule[];
  /** What is odd but no mistake, such as a rule that never decides anything. */
  readonly warnings: readonly PolicyMistake[];
}

/** What is missing, by how far the request got. */
const REASONS = [
  'no rule lets this principal have this resource',
  'no rule lets this principal have it in this mode',
  'no rule lets this principal have it with this scope',
  'no rule lets this principal have it for this audience',
];

/** Asks the rules that may fit. */
class Deciding {
  allowing: CompiledRule | undefined;
  denying: CompiledRule | undefined;
  furthest: number = FIT.NOT_FOR;

  ask(rules: readonly CompiledRule[], request: AccessRequest): void {
    for (const rule of rules) {
      const best = rule.denies ? this.denying : this.allowing;
      if (best !== undefined && best.order <= rule.order) continue;
      const fit = rule.fit(request);
      if (fit === FIT.FITS && rule.denies) this.denying = rule;
      else if (fit === FIT.FITS) this.allowing = rule;
      else if (!rule.denies && fit > this.furthest) this.furthest = fit;
    }
  }

  decision(request: AccessRequest): Decision {
    if (this.denying !== undefined) {
      return { allowed: false, rule: this.denying.source.id, reason: 'a rule forbids it' };
    }
    const reason = REASONS[this.furthest] as string;
    return this.allowing?.allow(request) ?? { allowed: false, rule: undefined, reason };
  }
}

/** Makes a policy of rules without mistakes. */
export function compilePolicy(document: PolicyDocument): Omit<Policy, 'warnings'> {
  const rules = document.rules.map((rule) => Object.freeze(normalizeRule(rule)));
  const index = new RuleIndex(rules.map((rule, at) => new CompiledRule(rule, at)));
  const version = hash('sha256', JSON.stringify(rules), 'base64url');
  const decide = (request: AccessRequest) => {
    const deciding = new Deciding();
    for (const first of index.find(request.principal.tenant, request.resource.ref)) {
      for (let shelf = first; shelf !== undefined; shelf = shelf.shorter) deciding.ask(shelf.rules, request);
    }
    return deciding.decision(request);
  };
  return { version, rules, decide };
}

/**
 * Makes a policy: denies what no rule allows, and whatever a rule forbids.
 *
 * @throws {@link PolicyError} with every mistake
 *
 * @example
 * ```ts
 * import { definePolicy } from '@holdfast/credential-broker';
 *
 * const policy = definePolicy({
 *   rules: [
 *     { id: 'support-orders', tenants: ['acme'], roles: ['support'], refs: ['op://prod/orders-*'], ttlSeconds: 120 },
 *     { id: 'no-payroll', effect: 'deny', tenants: ['**'], refs: ['op://prod/payroll/**'] },
 *   ],
 * });
 * ```
 */
export function definePolicy(document: PolicyDocument): Policy {
  const mistakes = findMistakes(document);
  if (mistakes.length > 0) throw new PolicyError('definePolicy: the policy', mistakes);
  const warnings = findWarnings(document.rules).map(({ message }) => ({ message }));
  return Object.freeze({ ...compilePolicy(document), warnings });
}
