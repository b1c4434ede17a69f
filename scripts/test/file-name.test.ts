import { Linter } from 'eslint';
import { expect, it } from 'vitest';
import { fileName } from '../lint/file-name.ts';

const linter = new Linter();
const verdict = (name: string) =>
  linter
    .verify(
      '',
      [{ files: ['**'], plugins: { house: { rules: { name: fileName } } }, rules: { 'house/name': 2 } }],
      name,
    )
    .map((message) => message.messageId);

it.each([
  'retry.ts',
  'retry-budget.ts',
  'types.test-d.ts',
  'circuit.model.test.ts',
  'tsup.config.ts',
  'http2-client.test.ts',
])('allows %s', (name) => {
  expect(verdict(name)).toEqual([]);
});

it.each(['RetryBudget.ts', 'retryBudget.ts', 'retry_budget.ts'])('refuses %s', (name) => {
  expect(verdict(name)).toEqual(['kebab']);
});

it.each(['utils.ts', 'helper.ts', 'types.ts', 'common.ts'])('refuses %s, which says nothing', (name) => {
  expect(verdict(name)).toEqual(['vague']);
});
