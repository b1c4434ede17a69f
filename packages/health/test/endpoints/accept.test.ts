import { expect, test } from 'vitest';
import { preferred } from '../../src/endpoints/accept.ts';

const offered = ['application/health+json', 'application/json', 'text/plain'];
const chosen = (accept: string | undefined) => offered[preferred(accept, offered)];

test.each<[string | undefined, string]>([
  [undefined, 'application/health+json'],
  ['*/*', 'application/health+json'],
  ['', 'application/health+json'],
  ['text/plain', 'text/plain'],
  ['application/json', 'application/json'],
  ['APPLICATION/JSON', 'application/json'],
  ['text/*', 'text/plain'],
  ['application/*;q=0.5, text/plain', 'text/plain'],
  ['application/json;q=0.2, text/plain;q=0.1', 'application/json'],
  ['*/*;q=0.1, application/health+json;q=0', 'application/json'],
  ['text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', 'application/health+json'],
  ['text/plain;q=nonsense, application/json;q=0.3', 'application/json'],
  ['image/png', 'application/health+json'],
  [';;,,q', 'application/health+json'],
])('Accept: %s gets %s', (accept, expected) => {
  expect(chosen(accept)).toBe(expected);
});
