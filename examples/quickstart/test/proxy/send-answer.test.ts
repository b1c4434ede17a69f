import { expect, it } from 'vitest';
import type { Answer } from '../../src/proxy/answer.ts';
import { sendAnswer } from '../../src/proxy/send-answer.ts';
import { ask, type Reply } from '../support/http-client.ts';
import { listen } from '../support/setup.ts';

const rejected: Answer = {
  status: 503,
  outcome: 'rejected',
  proxyError: 'destination_unavailable',
  detail: 'No tea today.',
};

async function send(answer: Answer): Promise<Reply> {
  return ask(await listen((_request, response) => sendAnswer(response, answer)), {
    headers: ['Connection', 'keep-alive'],
  });
}

it('tells the problem in JSON, and in a header', async () => {
  const { status, headers, body } = await send(rejected);
  expect(status).toBe(503);
  expect(headers).toMatchObject({
    'content-type': 'application/problem+json',
    'proxy-status': 'holdfast; error=destination_unavailable',
  });
  expect(JSON.parse(body)).toEqual({ title: 'Service Unavailable', status: 503, detail: 'No tea today.' });
});

it.each([
  [undefined, undefined],
  [0, '1'],
  [1, '1'],
  [1_000, '1'],
  [1_001, '2'],
  [59_999, '60'],
])('says when to come back, in whole seconds and never too early: %s ms', async (retryAfterMs, seconds) => {
  expect((await send({ ...rejected, retryAfterMs })).headers['retry-after']).toBe(seconds);
});

it('closes the connection of a request that it refuses, and of no other', async () => {
  expect((await send({ ...rejected, status: 413, outcome: 'refused' })).headers.connection).toBe('close');
  expect((await send(rejected)).headers.connection).toBe('keep-alive');
});
