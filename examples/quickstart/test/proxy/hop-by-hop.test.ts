import { expect, it } from 'vitest';
import { endToEndHeaders } from '../../src/proxy/hop-by-hop.ts';

it('keeps repeated headers, their order and their spelling', () => {
  const raw = ['Set-Cookie', 'a=1', 'x-TEA', 'green', 'Set-Cookie', 'b=2'];
  expect(endToEndHeaders(raw)).toEqual(raw);
});

it.each([
  'Connection',
  'Keep-Alive',
  'Proxy-Authenticate',
  'Proxy-Authorization',
  'Proxy-Connection',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
])('drops %s', (name) => {
  expect(endToEndHeaders([name, 'x', 'X-Tea', 'green'])).toEqual(['X-Tea', 'green']);
});

it('drops what any Connection header names', () => {
  const raw = [
    'Connection',
    'close, X-One',
    'X-One',
    '1',
    'x-two',
    '2',
    'connection',
    ' X-Two ',
    'X-Three',
    '3',
  ];
  expect(endToEndHeaders(raw)).toEqual(['X-Three', '3']);
});

it('drops others on request', () => {
  expect(endToEndHeaders(['Host', 'a', 'X-Tea', 'green'], ['host'])).toEqual(['X-Tea', 'green']);
});
