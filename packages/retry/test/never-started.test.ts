import { rejection, TimeoutError } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';
import { neverStarted } from '../src/never-started.ts';

const withCode = (code: string) => Object.assign(new Error(code), { code });

describe('neverStarted', () => {
  it.each<[string, unknown]>([
    ['an admission rejection', rejection('ERR_CIRCUIT_OPEN', 'a')],
    ['a refused connection', withCode('ECONNREFUSED')],
    ['a name that is not found', withCode('ENOTFOUND')],
    ['a resolver that is away', withCode('EAI_AGAIN')],
    ['a host that cannot be reached', withCode('EHOSTUNREACH')],
    ['a connection that took too long', withCode('UND_ERR_CONNECT_TIMEOUT')],
    ['what fetch throws for one of them', new TypeError('fetch failed', { cause: withCode('ECONNREFUSED') })],
  ])('believes %s', (_, error) => {
    expect(neverStarted(error)).toBe(true);
  });

  it.each<[string, unknown]>([
    ['an Error', new Error('x')],
    ['a timeout', new TimeoutError(5, { strategy: 'x' })],
    ['a reset connection', withCode('ECONNRESET')],
    ['an answer', { status: 503 }],
    [
      'what fetch throws for a reset connection',
      new TypeError('fetch failed', { cause: withCode('ECONNRESET') }),
    ],
    ['a string', 'ECONNREFUSED'],
    ['undefined', undefined],
    ['null', null],
  ])('doubts %s', (_, error) => {
    expect(neverStarted(error)).toBe(false);
  });
});
