import { wholesOf } from './forbidden-refs.ts';
import { globCovers } from './glob.ts';
import type { PolicyRule } from './policy-rule.ts';

type Patterns = readonly string[] | undefined;

/** Whether a list that may be left out, for everything, has at least what another one has. */
const covers = (wide: Patterns, narrow: Patterns, fits = (a: string, b: string) => a === b) =>
  wide === undefined || narrow?.every((one) => wide.some((other) => fits(other, one))) === true;

/** What is asked for where a rule that allows does not say. */
const ALLOWED = { scopes: ['read'], modes: ['reference', 'sealed', 'injected'] } as const;

/** A rule with what it means where it says nothing. */
const spelled = (rule: PolicyRule): PolicyRule => (rule.effect === 'deny' ? rule : { ...ALLOWED, ...rule });

/** What a rule forbids because parts of it are forbidden. */
const wholes = ({ effect, refs }: PolicyRule) => (effect === 'deny' ? refs.flatMap(wholesOf) : []);

/** Whether whatever one rule decides, another one has decided already. */
function hides(wide: PolicyRule, narrow: PolicyRule): boolean {
  return (
    covers(wide.tenants, narrow.tenants, globCovers) &&
    covers(wide.refs, narrow.refs, globCovers) &&
    covers([...wide.refs, ...wholes(wide)], wholes(narrow), globCovers) &&
    covers(wide.principals, narrow.principals, globCovers) &&
    covers(wide.scopes, narrow.scopes, globCovers) &&
    covers(wide.audiences, narrow.audiences, globCovers) &&
    covers(wide.resourceTypes, narrow.resourceTypes) &&
    covers(wide.principalTypes, narrow.principalTypes) &&
    covers(wide.roles, narrow.roles) &&
    covers(wide.modes, narrow.modes)
  );
}

/** A rule that never decides anything, and the one because of which. */
export interface ShadowedRule {
  /** Its place in the policy. */
  readonly at: number;
  readonly by: string;
}

/** A search of more patterns with each other is not begun: it is a help, and must not hold up a reload. */
const MAX_PAIRS = 10_000_000;

const patternsOf = ({ tenants, refs, principals = [], scopes = [], audiences = [] }: PolicyRule) =>
  tenants.length + refs.length + principals.length + scopes.length + audiences.length;

/** Finds rules that never decide anything: those behind a wider one that allows, or under one that forbids. */
export function findShadowed(rules: readonly PolicyRule[]): readonly ShadowedRule[] {
  const patterns = rules.reduce((sum, rule) => sum + patternsOf(rule), 0);
  if (patterns ** 2 > MAX_PAIRS) return [];
  const all = rules.map(spelled);
  return all.flatMap((rule, at) => {
    const by = all.find(
      (other, place) =>
        place !== at &&
        (other.effect === 'deny' || (place < at && rule.effect !== 'deny')) &&
        hides(other, rule),
    );
    // Of two rules that forbid the same, the first one is as good as the second.
    const twin = by?.effect === 'deny' && rule.effect === 'deny' && all.indexOf(by) > at && hides(rule, by);
    return by === undefined || twin ? [] : [{ at, by: by.id }];
  });
}
