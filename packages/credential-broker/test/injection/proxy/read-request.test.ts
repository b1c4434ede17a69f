import { describe, expect, it } from 'vitest';
import { ask, aProxy, BASIC, head, raw } from './proxy-rig.ts';

const START = ['POST http://api.example/v1 HTTP/1.1', 'Host: api.example', `Proxy-Authorization: ${BASIC}`];

describe('a request to a forward proxy', () => {
  it.each([
    ['a length and chunks', ['Content-Length: 5', 'Transfer-Encoding: chunked'], '0\r\n\r\n'],
    ['chunks and a length', ['Transfer-Encoding: chunked', 'Content-Length: 5'], '0\r\n\r\n'],
    ['two lengths', ['Content-Length: 5', 'Content-Length: 6'], 'hello'],
    ['a length that is none', ['Content-Length: +5'], 'hello'],
    ['an encoding that is none', ['Transfer-Encoding: xchunked'], '0\r\n\r\n'],
    ['an encoding before chunks', ['Transfer-Encoding: gzip, chunked'], '0\r\n\r\n'],
    ['a name with a blank', ['Content-Length : 5'], 'hello'],
    ['a folded line', ['X-A: 1', ' Content-Length: 5'], 'hello'],
    ['two who ask', [`Proxy-Authorization: ${BASIC}`, 'Content-Length: 0'], ''],
  ])('refuses requests that can be read in two ways: %s', async (_, fields, body) => {
    const { port, asked } = await aProxy();
    const answer = await raw(port, head(...START, 'Connection: close', ...fields) + body);
    expect(answer).toMatch(/^HTTP\/1\.1 (400|501) /);
    expect(answer.match(/HTTP\/1\.1/g)).toHaveLength(1);
    expect(asked).toEqual([]);
  });

  it('reads a body in chunks, however that is spelled', async () => {
    const { port, asked } = await aProxy();
    const fields = ['Connection: close', 'Transfer-Encoding: Chunked'];
    const answer = await raw(port, `${head(...START, ...fields)}5\r\nhello\r\n0\r\n\r\n`);
    expect(answer).toMatch(/^HTTP\/1\.1 200 /);
    expect(asked[0]?.body).toEqual(Buffer.from('hello'));
  });

  it('refuses a body that is too long, announced or not', async () => {
    const { port, asked } = await aProxy(undefined, { maxBodyBytes: 10 });
    const announced = await raw(port, head(...START, 'Content-Length: 11'));
    expect(announced).toMatch(/^HTTP\/1\.1 413 [^]*"a body must have at most 10 bytes"/);
    const chunked = await raw(
      port,
      `${head(...START, 'Transfer-Encoding: chunked')}8\r\n12345678\r\n8\r\n12345678\r\n`,
    );
    expect(chunked).toMatch(/^HTTP\/1\.1 413 /);
    expect(asked).toEqual([]);
    expect((await ask(port, 'http://api.example/', { method: 'POST', body: '1234567890' })).status).toBe(200);
    expect(asked[0]?.body).toEqual(Buffer.from('1234567890'));
  });

  it('does not wait for a request for ever', async () => {
    const { port, asked } = await aProxy(undefined, { requestTimeoutMs: 100 });
    expect(await raw(port, head(...START, 'Content-Length: 10'))).toMatch(/^HTTP\/1\.1 408 /);
    expect(await raw(port, 'GET http://api.example/ HT')).toMatch(/^HTTP\/1\.1 408 /);
    expect(asked).toEqual([]);
  });
});
