import { readFileSync } from 'node:fs';
import { definePolicy, parsePolicy } from '@holdfast/credential-broker';
import { describe, expect, it } from 'vitest';

const read = (name: string) => readFileSync(new URL(`../../../../${name}`, import.meta.url), 'utf8');
const guide = read('docs/guides/credentials-policy.md');
const [, yaml = ''] = /```yaml\n([^]*?)```/.exec(guide) ?? [];

describe('the guide to policies', () => {
  it('shows a policy without mistakes, of which each rule decides something', () => {
    const { rules, warnings } = parsePolicy(yaml);
    expect(rules.map(({ id }) => id)).toEqual(['support-orders', 'deploys', 'payments', 'no-payroll']);
    expect(warnings).toEqual([]);
  });

  it('tells of every field of a rule, and of no other', () => {
    const [, table = ''] = /\n## A rule\n([^]*?)\nThe last five/.exec(guide) ?? [];
    const told = [...table.matchAll(/^\| `(\w+)`/gm)].map(([, name]) => name);
    const schema = JSON.parse(read('packages/credential-broker/policy.schema.json')) as {
      readonly definitions: { readonly rule: { readonly properties: object } };
    };
    expect(told.toSorted()).toEqual(Object.keys(schema.definitions.rule.properties).toSorted());
  });

  it('says what is forbidden besides what a rule names', () => {
    const [, table = ''] = /\n\*\*What is forbidden\.\*\*[^|]*([^]*?)\n\n/.exec(guide) ?? [];
    const rows = table
      .split('\n')
      .map((line) =>
        line
          .split('|')
          .map((cell) => [...cell.matchAll(/`(\w+:\/\/[^`]+|\*[^`]+)`/g)].map(([, ref = '']) => ref)),
      );
    const told = rows.filter(([, refs = []]) => refs.length > 0);
    expect(told.length).toBeGreaterThan(6);
    for (const [, refs = [], denied = [], others = []] of told) {
      const { decide } = definePolicy({
        rules: [
          { id: 'all', tenants: ['acme'], refs: ['**'] },
          { id: 'no', effect: 'deny', tenants: ['acme'], refs },
        ],
      });
      const isAllowed = (ref: string) =>
        decide({
          principal: { id: 'agent', tenant: 'acme', type: 'agent' },
          resource: { type: 'generic', ref },
          scope: ['read'],
          mode: 'reference',
        }).allowed;
      expect(denied.length * others.length).toBeGreaterThan(0);
      expect([...denied.filter(isAllowed), ...others.filter((ref) => !isAllowed(ref))]).toEqual([]);
    }
  });

  it('shows errors as they are', () => {
    const [, shown = ''] = /```text\n(policy\.yaml cannot[^]*?)\n```/.exec(guide) ?? [];
    const wrong = [
      'rules:',
      '  - id: a',
      '    tenants: [acme]',
      '    role: [support]',
      "    refs: ['pg://orders']",
      '  - id: b',
      '    tenants: [acme]',
      "    refs: ['pg://orders']",
      '    ttlSeconds: 1000',
    ].join('\n');
    expect(() => parsePolicy(wrong, 'policy.yaml')).toThrow(shown);
    expect(shown).toContain('9:17');
  });
});
