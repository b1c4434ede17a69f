import type { IncomingMessage } from 'node:http';
import { PassThrough } from 'node:stream';
import { manualClock } from '@holdfast/pipeline/testing';
import { expect, test } from 'vitest';
import { JSON_TYPE } from '../../src/http/parse-json.ts';
import { readBody } from '../../src/http/read-body.ts';

/** A request whose body tests write, as it comes over the wire. */
function coming(headers: Record<string, string> = {}, maxBodyBytes = 10) {
  const clock = manualClock();
  const wire = new PassThrough();
  const request = Object.assign(wire, { headers: { 'content-type': 'application/json', ...headers } });
  const body = readBody(request as unknown as IncomingMessage, JSON_TYPE, {
    maxBodyBytes,
    bodyMs: 1_000,
    clock,
  });
  return { clock, wire, body };
}

/** What is no longer waited for holds neither a timer nor the body. */
async function expectLetGo(wire: PassThrough, clock: ReturnType<typeof manualClock>) {
  expect(clock.pendingTimers).toBe(0);
  expect(wire.listenerCount('data')).toBe(0);
  expect(wire.isPaused()).toBe(true);
  wire.emit('error', new Error('late'));
}

test('a body that comes in parts is whole at its end, and no timer is left', async () => {
  const { wire, body, clock } = coming();
  for (const part of ['{"a', '":', '1}']) wire.write(part);
  wire.end();
  expect((await body).toString()).toBe('{"a":1}');
  expect(clock.pendingTimers).toBe(0);
});

test('a body may have as many bytes as it may, and not one more', async () => {
  const exact = coming();
  exact.wire.end('1234567890');
  expect(await exact.body).toHaveLength(10);
  const long = coming();
  long.wire.write('1234567890');
  long.wire.write('1');
  await expect(long.body).rejects.toMatchObject({ status: 413, message: 'The body has more than 10 bytes.' });
  await expectLetGo(long.wire, long.clock);
});

test('bytes are counted, not characters', async () => {
  const { wire, body } = coming();
  wire.end('éééééé');
  await expect(body).rejects.toMatchObject({ status: 413 });
});

test('a body that says itself that it is too long is not begun with', async () => {
  const { wire, body, clock } = coming({ 'content-length': '11' });
  await expect(body).rejects.toMatchObject({ status: 413 });
  expect(clock.pendingTimers).toBe(0);
  expect(wire.listenerCount('data')).toBe(0);
  const exact = coming({ 'content-length': '10' });
  exact.wire.end('1234567890');
  expect(await exact.body).toHaveLength(10);
});

test('a body that drips is given up, however often a drop comes', async () => {
  const { wire, body, clock } = coming();
  const refused = expect(body).rejects.toMatchObject({
    status: 408,
    message: 'The body took more than 1000 ms.',
  });
  for (let i = 0; i < 4; i++) {
    wire.write('1');
    await clock.advance(249);
  }
  expect(wire.listenerCount('data')).toBe(1);
  await clock.advance(4);
  await refused;
  await expectLetGo(wire, clock);
});

test('a body that breaks off says so, with its cause for us', async () => {
  const { wire, body, clock } = coming();
  const cause = new Error('ECONNRESET');
  wire.destroy(cause);
  await expect(body).rejects.toMatchObject({ status: 400, cause });
  expect(clock.pendingTimers).toBe(0);
});

test.each<[Record<string, string>]>([
  [{ 'content-type': '' }],
  [{ 'content-type': 'application/jsonx' }],
  [{ 'content-type': 'text/json' }],
  [{ 'content-type': 'application/json;charset=utf-16' }],
  [{ 'content-type': 'application/json; charset=utf-8; charset=utf-16' }],
  [{ 'content-type': 'application/json;' }],
  [{ 'content-encoding': 'gzip' }],
  [{ 'content-encoding': 'identity, gzip' }],
  [{ 'content-encoding': '' }],
])('a body of another kind is not begun with: %j', async (headers) => {
  const { body, clock } = coming(headers);
  await expect(body).rejects.toMatchObject({ status: 415 });
  expect(clock.pendingTimers).toBe(0);
});

test.each([
  'application/json',
  'Application/JSON',
  'application/json; charset=utf-8',
  'application/json;charset="UTF-8"',
  'application/problem+json',
])('%s is JSON', async (type) => {
  const { wire, body } = coming({ 'content-type': type, 'content-encoding': 'identity' });
  wire.end('{}');
  expect((await body).toString()).toBe('{}');
});
