import type { AccessRequest, PolicyRule } from '@holdfast/credential-broker';

const escape = (text: string) => text.replace(/[.+?^${}()|[\]\\]/g, '\\$&');

/** A pattern as a regular expression. */
export function toRegExp(pattern: string): RegExp {
  const parts = pattern.split('**').map((part) => part.split('*').map(escape).join('[^/]*'));
  return new RegExp(`^${parts.join('[^]*')}$`);
}

const fits = (patterns: readonly string[] | undefined, value: string | undefined) =>
  patterns === undefined ||
  (value !== undefined && patterns.some((pattern) => toRegExp(pattern).test(value)));

/** A text, and every beginning of it behind which `/`, `#` or `?` stands. */
const placesOf = (text: string): readonly string[] => {
  const [scheme = ''] = /^.*?:\/\//.exec(text) ?? [];
  const path = text.slice(scheme.length);
  return [...path.matchAll(/[/#?]|$/g)].map(({ index }) => scheme + path.slice(0, index));
};

/** What a rule forbids: what it names, what is part of that, and the whole that it is part of. */
const forbids = (patterns: readonly string[], ref: string): boolean => {
  const [thing = ''] = ref.split('?');
  const wholes = patterns.flatMap((pattern) =>
    placesOf(pattern).filter(
      (whole) => whole !== pattern && (!whole.endsWith('**') || pattern[whole.length] === '#'),
    ),
  );
  return (
    placesOf(ref).some((place) => fits(patterns, place)) || (!thing.includes('#') && fits(wholes, thing))
  );
};

const applies = (rule: PolicyRule, { principal, resource, scope, audience, mode }: AccessRequest) => {
  const denies = rule.effect === 'deny';
  const scopes = rule.scopes ?? (denies ? ['**'] : ['read']);
  const modes: readonly string[] = rule.modes ?? [
    'reference',
    'sealed',
    'injected',
    ...(denies ? ['disclose'] : []),
  ];
  return (
    fits(rule.tenants, principal.tenant) &&
    (denies ? forbids : fits)(rule.refs, resource.ref) &&
    fits(rule.principals, principal.id) &&
    (fits(rule.audiences, audience) || (denies && audience === undefined)) &&
    (rule.principalTypes?.includes(principal.type) ?? true) &&
    (rule.resourceTypes?.includes(resource.type) ?? true) &&
    (rule.roles === undefined || rule.roles.some((role) => principal.roles?.includes(role))) &&
    modes.includes(mode) &&
    (denies ? scope.some((one) => fits(scopes, one)) : scope.every((one) => fits(scopes, one)))
  );
};

/** What a policy decides, rule after rule: who forbids first, else who allows first. */
export function decideNaively(rules: readonly PolicyRule[], request: AccessRequest): string {
  const applying = rules.filter((rule) => applies(rule, request));
  const denying = applying.find((rule) => rule.effect === 'deny');
  if (denying !== undefined) return `denied by ${denying.id}`;
  const [rule] = applying;
  if (rule === undefined) return 'denied';
  const maxTtlMs = (rule.maxTtlSeconds ?? 900) * 1_000;
  const ttlMs = request.ttlMs ?? Math.min(maxTtlMs, (rule.ttlSeconds ?? 300) * 1_000);
  const { approval = 'none', oneTime = true, proof = false } = rule;
  return JSON.stringify([rule.id, Math.min(ttlMs, maxTtlMs), maxTtlMs, approval, oneTime, proof]);
}
