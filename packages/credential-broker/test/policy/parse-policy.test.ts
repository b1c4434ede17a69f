import { readFileSync } from 'node:fs';
import { parsePolicy, PolicyError } from '@holdfast/credential-broker';
import { Ajv } from 'ajv';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { BAD, BAD_BESIDES, GOOD } from './policy-examples.ts';

const schema = JSON.parse(
  readFileSync(new URL('../../policy.schema.json', import.meta.url), 'utf8'),
) as object;
const fits = new Ajv({ allErrors: true, strict: false }).compile(schema);

const refusal = (text: string): string => {
  try {
    parsePolicy(text, 'policy.yaml');
  } catch (error) {
    expect(error).toBeInstanceOf(PolicyError);
    return (error as PolicyError).message;
  }
  throw new Error('was accepted');
};

describe('a text', () => {
  it.each(GOOD)('that is right is a policy, and fits the schema: %s', (text) => {
    expect(parsePolicy(text).rules).toEqual((parse(text) as { rules: unknown }).rules);
    expect(fits(parse(text))).toBe(true);
  });

  it.each(BAD)('that is wrong is refused with line and column, and by the schema: %j', (text, mistake) => {
    expect(refusal(text)).toContain(`policy.yaml cannot be used:\n  ${mistake}`);
    expect(fits(parse(text))).toBe(false);
  });

  it.each(BAD_BESIDES)(
    'that is wrong beyond the schema is refused with line and column: %j',
    (text, mistake) => {
      expect(refusal(text)).toContain(`policy.yaml cannot be used:\n  ${mistake}`);
    },
  );

  it('is refused with all that is wrong at once', () => {
    const text = BAD.slice(3, 6)
      .map(([one]) => one.replace('rules:\n', ''))
      .join('');
    expect(refusal(`rules:\n${text}`).split('\n')).toHaveLength(1 + 5);
  });

  it('that is too long is refused before it is read', () => {
    expect(refusal(' '.repeat(16 * 1024 * 1024 + 1))).toContain('must have at most 16777216 characters');
  });

  it('has the same version as the same rules in another form', () => {
    const yaml = 'rules:\n  - id: a # first\n    refs: [x]\n    tenants: [t]\n';
    const json = '{"rules": [{"id": "a", "tenants": ["t"], "refs": ["x"]}]}';
    expect(parsePolicy(yaml).version).toBe(parsePolicy(json).version);
  });

  it('warns where a rule never decides anything', () => {
    const text =
      'rules:\n  - { id: a, tenants: [t], refs: ["**"] }\n  - { id: b, tenants: [t], refs: [a://x] }\n';
    expect(parsePolicy(text).warnings).toEqual([
      { message: 'rules[1] never decides anything, because of "a"', line: 3, column: 5 },
    ]);
  });

  it('warns where a pattern fits no reference', () => {
    const text = 'rules:\n  - id: a\n    tenants: [t]\n    refs: [pg://**, PG://orders]\n';
    expect(parsePolicy(text).warnings).toEqual([
      { message: 'rules[0].refs[1] fits no reference, which is scheme://path', line: 4, column: 21 },
    ]);
  });

  it('that sets a prototype makes no rule', () => {
    expect(refusal('rules:\n  - __proto__: { id: a, tenants: [t], refs: [x] }\n')).toContain(
      '2:5: rules[0].__proto__ is no field of a rule',
    );
  });
});

it('the schema knows every field of a rule', () => {
  const { definitions } = schema as { definitions: { rule: { properties: object } } };
  const [, , , all] = GOOD;
  const [rule] = (parse(all ?? '') as { rules: object[] }).rules;
  expect(Object.keys(definitions.rule.properties).sort()).toEqual(Object.keys(rule ?? {}).sort());
});
