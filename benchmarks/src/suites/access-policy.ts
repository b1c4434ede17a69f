import { definePolicy, type AccessRequest, type PolicyRule } from '@holdfast/credential-broker';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';

const TENANTS = 50;
const about = `One decision of an access policy, with all of its rules: patterns of tenants, principals and references, scopes, modes
and times. "Linear scan" tries rule after rule, each with patterns that were compiled beforehand; it asks about tenant,
principal, reference and scope only.`;

const rulesOf = (count: number): readonly PolicyRule[] =>
  Array.from({ length: count }, (_, at) => ({
    id: `rule-${at}`,
    tenants: [`tenant-${at % TENANTS}`],
    principals: [`agent-${at}-*`],
    refs: [`op://vault-${at}/orders-*`],
    scopes: ['read', 'list'],
    maxTtlSeconds: 600,
  }));

const requestFor = (at: number, ref = `op://vault-${at}/orders-db`): AccessRequest => ({
  principal: { id: `agent-${at}-x`, tenant: `tenant-${at % TENANTS}`, type: 'agent' },
  resource: { type: 'database', ref },
  scope: ['read'],
  mode: 'reference',
});

export const accessPolicy = timingSuite('access-policy', about, () => [
  {
    name: 'a function that says yes',
    subject: 'platform',
    op: () => ({ allowed: true, at: last }),
    ending: 'returns',
  },
  ...[10, 1_000].flatMap((count): TimedCase[] => {
    const rules = rulesOf(count);
    const policy = definePolicy({ rules });
    const scan = linearScan(rules);
    const allowed = requestFor(count - 1);
    const denied = requestFor(count - 1, 'op://elsewhere/orders-db');
    const target = { atMost: { nsPerOp: 2_000 } };
    const job = (name: string) => ({
      name: `${name}, ${count} rules`,
      job: `${name}, ${count}`,
      ending: 'returns' as const,
    });
    return [
      { ...job('allowed'), subject: 'holdfast', op: () => policy.decide(allowed), target },
      { ...job('denied'), subject: 'holdfast', op: () => policy.decide(denied), target },
      { ...job('allowed'), subject: 'linear scan', op: () => scan(allowed) },
      { ...job('denied'), subject: 'linear scan', op: () => scan(denied) },
    ];
  }),
]);

const last = 999;

function linearScan(rules: readonly PolicyRule[]) {
  const toRegExp = (glob: string) =>
    new RegExp(`^${glob.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&').replaceAll('\\*', '[^/]*')}$`);
  const compiled = rules.map((rule) => ({
    rule,
    tenants: rule.tenants.map(toRegExp),
    principals: (rule.principals ?? ['*']).map(toRegExp),
    refs: rule.refs.map(toRegExp),
  }));
  return ({ principal, resource, scope }: AccessRequest) =>
    compiled.find(
      ({ rule, tenants, principals, refs }) =>
        tenants.some((pattern) => pattern.test(principal.tenant)) &&
        principals.some((pattern) => pattern.test(principal.id)) &&
        refs.some((pattern) => pattern.test(resource.ref)) &&
        scope.every((one) => rule.scopes?.includes(one)),
    )?.rule.id;
}
