import type { Principal } from '../broker/principal.ts';
import type { AccessRequest, Decision } from './access-policy.ts';
import { forbiddenRef } from './forbidden-refs.ts';
import { anyGlob } from './glob.ts';
import type { PolicyRule } from './policy-rule.ts';
import { DEFAULT_MAX_TTL_SECONDS } from './read-rules.ts';

/** How far a request gets in a rule: the first thing that does not fit, or `FITS`. */
export const FIT = { NOT_FOR: 0, MODE: 1, SCOPE: 2, AUDIENCE: 3, FITS: 4 } as const;

const DEFAULT_TTL_SECONDS = 300;
const QUIET_MODES = ['reference', 'sealed', 'injected'];

const anyOf = (choices: readonly string[] | undefined) => {
  if (choices === undefined) return () => true;
  return (value: string) => choices.includes(value);
};

const anyPattern = (patterns: readonly string[] | undefined) =>
  patterns === undefined ? () => true : anyGlob(patterns);

/** A rule, ready to be asked. */
export class CompiledRule {
  readonly source: PolicyRule;
  /** Its place in the policy: of several rules that allow, the first one counts. */
  readonly order: number;
  readonly denies: boolean;
  private readonly ttlMs: number;
  private readonly maxTtlMs: number;
  private readonly tenant: (tenant: string) => boolean;
  private readonly ref: (ref: string) => boolean;
  private readonly resourceType: (type: string) => boolean;
  private readonly principal: (id: string) => boolean;
  private readonly principalType: (type: string) => boolean;
  private readonly role: ((role: string) => boolean) | undefined;
  private readonly scope: (scope: string) => boolean;
  private readonly audience: (audience: string | undefined) => boolean;
  private readonly mode: (mode: string) => boolean;

  constructor(source: PolicyRule, order: number) {
    this.source = source;
    this.order = order;
    this.denies = source.effect === 'deny';
    const maxTtlSeconds = source.maxTtlSeconds ?? DEFAULT_MAX_TTL_SECONDS;
    this.maxTtlMs = maxTtlSeconds * 1_000;
    this.ttlMs = (source.ttlSeconds ?? Math.min(DEFAULT_TTL_SECONDS, maxTtlSeconds)) * 1_000;
    this.tenant = anyGlob(source.tenants);
    this.ref = (this.denies ? forbiddenRef : anyGlob)(source.refs);
    this.resourceType = anyOf(source.resourceTypes);
    this.principal = anyPattern(source.principals);
    this.principalType = anyOf(source.principalTypes);
    this.role = source.roles && anyOf(source.roles);
    this.scope = anyPattern(source.scopes ?? (this.denies ? undefined : ['read']));
    const named = anyPattern(source.audiences);
    // Where no audience is named, it may be any: none that a rule allows for sure, and maybe one that it forbids.
    const unnamed = source.audiences === undefined || this.denies;
    this.audience = (audience) => (audience === undefined ? unnamed : named(audience));
    this.mode = anyOf(source.modes ?? (this.denies ? undefined : QUIET_MODES));
  }

  /** How far a request gets. */
  fit({ principal, resource, scope, audience, mode }: AccessRequest): number {
    if (!this.ref(resource.ref) || !this.resourceType(resource.type) || !this.isFor(principal)) {
      return FIT.NOT_FOR;
    }
    if (!this.mode(mode)) return FIT.MODE;
    if (!(this.denies ? scope.some(this.scope) : scope.every(this.scope))) return FIT.SCOPE;
    return this.audience(audience) ? FIT.FITS : FIT.AUDIENCE;
  }

  private isFor({ id, tenant, type, roles }: Principal): boolean {
    return (
      this.tenant(tenant) &&
      this.principal(id) &&
      this.principalType(type) &&
      (this.role === undefined || roles?.some(this.role) === true)
    );
  }

  /** What it gives to a request that fits. */
  allow({ ttlMs = this.ttlMs }: AccessRequest): Decision {
    const { id, approval = 'none', oneTime = true, proof = false } = this.source;
    const { maxTtlMs } = this;
    return {
      allowed: true,
      rule: id,
      ttlMs: Math.min(ttlMs, maxTtlMs),
      maxTtlMs,
      approval,
      oneTime,
      proof,
    };
  }
}
