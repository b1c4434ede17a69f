import { expect, it } from 'vitest';
import { CompiledRule } from '../../src/policy/compiled-rule.ts';
import { RuleIndex } from '../../src/policy/rule-index.ts';

const fields = Array.from({ length: 256 }, (_, at) => `vault://prod/db#${at}`);

it('a rule stands once under what holds all that it forbids', () => {
  const rule = new CompiledRule({ id: 'fields', effect: 'deny', tenants: ['acme'], refs: fields }, 0);
  const found = new RuleIndex([rule]).find('acme', 'vault://prod/db').filter((shelf) => shelf !== undefined);
  expect(found.flatMap(({ rules }) => rules).length).toBe(1);
});
