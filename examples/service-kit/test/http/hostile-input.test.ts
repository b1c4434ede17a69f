import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { parseJson } from '../../src/http/parse-json.ts';
import { echo, get, post, startRig } from './rig.ts';

const routes = [post('/echo', echo), get('/', () => ({ body: 'hello' }))];
const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth);

describe('a body', () => {
  test('that is JSON is read', async () => {
    const { ask, send } = await startRig({ routes });
    expect((await ask('/echo', send('{"a":[1,"é"]}'))).json).toEqual({ got: { a: [1, 'é'] } });
    expect((await ask('/echo', send('1', 'application/vnd.x+json; charset=utf-8'))).json).toEqual({ got: 1 });
    expect((await ask('/echo', send(nested(32)))).status).toBe(200);
    expect((await ask('/echo', send('"\\ud83d\\ude00"'))).json).toEqual({ got: '😀' });
    expect((await ask('/echo', send('{"constructor":{"a":{"prototype":1}},"prototype":{}}'))).status).toBe(
      200,
    );
    expect((await ask('/echo', send('"' + 'x'.repeat(1_048_574) + '"'))).status).toBe(200);
  });

  test.each<[number, string, string | Buffer, string?, object?]>([
    [400, 'that breaks off', '{"a":'],
    [400, 'that is nothing', ''],
    [400, 'that is not UTF-8', Buffer.from([0x22, 0xff, 0xfe, 0x22])],
    [400, 'that nests too deeply', nested(33)],
    [400, 'that nests a hundred thousand levels', nested(100_000)],
    [400, 'that reaches the prototype', '{"a":{"__proto__":{"isAdmin":true}}}'],
    [400, 'that spells the prototype in escapes', '{"\\u005f_proto__":{}}'],
    [400, 'that reaches it by the constructor', '{"constructor":{"prototype":{"isAdmin":true}}}'],
    [400, 'with a NUL in a text', '{"a":"b\\u0000c"}'],
    [400, 'with a NUL in a key', '{"b\\u0000c":1}'],
    [400, 'with half a character', '"\\ud83d"'],
    [400, 'with two halves in the wrong order', '["\\ude00\\ud83d"]'],
    [400, 'with a number that is none', '{"a":1e999}'],
    [400, 'with a number below all bounds', '[-1e999]'],
    [400, 'of two values', '{} {}'],
    [400, 'with a comment', '{}//'],
    [400, 'of UTF-16', Buffer.from('{}', 'utf16le')],
    [400, 'that breaks off within a character', Buffer.from([0x22, 0xf0, 0x9f, 0x98])],
    [400, 'with an overlong NUL', Buffer.from([0x22, 0xc0, 0x80, 0x22])],
    [413, 'that is too long', JSON.stringify('x'.repeat(1_048_576))],
    [415, 'that is compressed', gzipSync('{}'), 'application/json', { 'content-encoding': 'gzip' }],
    [415, 'that is a form', 'a=1', 'application/x-www-form-urlencoded'],
    [415, 'that is a text, as pages of others may send it', '{}', 'text/plain'],
    [415, 'of another charset', '{}', 'application/json; charset=utf-16'],
    [415, 'with a boundary', '{}', 'application/json; boundary=x'],
    [415, 'of two kinds', '{}', 'application/json, text/html'],
  ])('is refused with %i when it is one %s', async (status, _what, body, type, more) => {
    const { ask, send, errors } = await startRig({ routes });
    const answer = await ask('/echo', send(body, type, more)).catch((error: Error) => error);
    // A client that still sends when it is refused may find the connection closed.
    if (answer instanceof Error) expect(answer.message).toMatch(/EPIPE|ECONNRESET/);
    else {
      expect(answer.status).toBe(status);
      expect(answer.headers['content-type']).toBe('application/problem+json');
      expect(answer.json).toMatchObject({ status });
    }
    expect(errors).toEqual([]);
    expect(({} as Record<string, unknown>)['isAdmin']).toBeUndefined();
  });

  test('without a kind is refused', async () => {
    const { ask } = await startRig({ routes });
    expect((await ask('/echo', { method: 'POST', body: '{}' })).status).toBe(415);
  });

  test('that has no end is cut where it is too long', async () => {
    const { raw } = await startRig({ routes, maxBodyBytes: 1_000 });
    const head = 'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n';
    const seen = await raw(`${head}Transfer-Encoding: chunked\r\n\r\n3e9\r\n${'1'.repeat(1_001)}\r\n`);
    expect(seen).toMatch(/^HTTP\/1.1 413 /);
    expect(seen).toMatch(/connection: close/i);
  });

  test('that comes too slowly is given up', async () => {
    const { raw, clock } = await startRig({ routes, bodyMs: 2_000 });
    const head =
      'POST /echo HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nContent-Length: 9\r\n';
    const before = clock.pendingTimers;
    const seen = raw(`${head}\r\n{"a"`);
    await expect.poll(() => clock.pendingTimers).toBeGreaterThan(before);
    await clock.advance(2_000);
    expect(await seen).toMatch(/^HTTP\/1.1 408 /);
  });

  test('of any shape is read as JSON.parse does, or refused', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 8 }), (json) => {
        const read = () => parseJson(Buffer.from(json));
        if (/__proto__|\\u0000/.test(json)) return;
        expect(read()).toEqual(JSON.parse(json));
      }),
    );
  });
});
