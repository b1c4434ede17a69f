import { readModelError } from '@holdfast/http/models';
import { expect, it } from 'vitest';
import { anthropic, google, openai } from '../../src/demo/models.ts';
import { listen } from '../support/setup.ts';

it.each([
  ['anthropic', anthropic, 529, 'overloaded', undefined],
  ['openai', openai, 429, 'rate-limited', 400],
  ['google', google, 503, 'overloaded', undefined],
] as const)('%s fails as its API does', async (_name, dialect, status, kind, retryAfterMs) => {
  const url = await listen((_request, response) => dialect.fail(response));
  const response = await fetch(url, { method: 'POST' });
  expect(response.status).toBe(status);
  expect(await readModelError(response)).toMatchObject({ kind, retryAfterMs });
});

it.each([
  ['anthropic', anthropic],
  ['openai', openai],
  ['google', google],
] as const)('%s answers in JSON', async (_name, dialect) => {
  const url = await listen((request, response) => dialect.answer(response, request, false));
  const response = await fetch(url, { method: 'POST' });
  expect(response.ok).toBe(true);
  expect(JSON.stringify(await response.json())).toContain('Tea, please.');
});
