import { expect, it } from 'vitest';
import { chooseSteps } from '../steps.ts';

const chosen = (names: readonly string[], long = false) => chooseSteps(names, long).map((step) => step.name);

it('takes everything but what takes minutes, unless asked', () => {
  expect(chosen([])).toContain('tests');
  expect(chosen([])).not.toContain('compat');
  expect(chosen([], true)).toContain('compat');
});

it('takes the steps that are named, and the build where they need it', () => {
  expect(chosen(['types', 'lint'])).toEqual(['lint', 'types']);
  expect(chosen(['size'])).toEqual(['build', 'size']);
  expect(chosen(['compat'])).toEqual(['build', 'compat']);
});

it('refuses a step that does not exist', () => {
  expect(() => chosen(['tipes'])).toThrow("there is no step 'tipes'");
});
