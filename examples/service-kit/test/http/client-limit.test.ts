import { slidingWindow } from '@holdfast/limiter';
import { manualClock } from '@holdfast/pipeline/testing';
import type { ServerResponse } from 'node:http';
import { expect, test } from 'vitest';
import { asProblem } from '../../src/http/answer.ts';
import { clientLimit, type ClientLimitOptions } from '../../src/http/client-limit.ts';
import { ProblemError } from '../../src/http/problem.ts';
import { deferred } from './rig.ts';

/** Asks a limit directly, with answers to the question who somebody is that tests give one by one. */
function fixture(options: ClientLimitOptions = {}) {
  const clock = manualClock();
  const limit = clientLimit({ clock, ...options });
  const waiting: ((error?: unknown) => void)[] = [];
  const ask = async (address = '192.0.2.1') => {
    const headers = new Map<string, string>();
    const response = { setHeader: headers.set.bind(headers) } as unknown as ServerResponse;
    const authenticate = async () => {
      const answer = deferred<unknown>();
      waiting.push(answer.resolve);
      const error = await answer.promise;
      if (error !== undefined) throw error;
    };
    const status = await limit(response, { address, identity: undefined }, authenticate).then(
      () => 200,
      (error: unknown) => asProblem(error).status,
    );
    return { status, headers };
  };
  const settled = () => new Promise(setImmediate);
  return { clock, ask, waiting, settled };
}

const wrong = new ProblemError('unauthenticated', 'No.');

test('of those who come at once a few prove who they are at a time, and the others wait for them', async () => {
  const { ask, waiting, settled } = fixture({ rule: slidingWindow({ limit: 60, windowMs: 60_000 }) });
  const asked = Array.from({ length: 60 }, () => ask());
  await settled();
  expect(waiting).toHaveLength(10);
  const [other] = [ask('192.0.2.2')];
  await settled();
  expect(waiting).toHaveLength(11);
  while (waiting.length > 0) {
    for (const answer of waiting.splice(0)) answer();
    await settled();
  }
  const statuses = (await Promise.all([...asked, other])).map(({ status }) => status);
  expect(new Set(statuses)).toEqual(new Set([200]));
});

test('nobody is refused for what others may turn out to be, even where few mistakes are allowed', async () => {
  const { ask, waiting, settled } = fixture({ rule: slidingWindow({ limit: 2, windowMs: 60_000 }) });
  const asked = Array.from({ length: 2 + 1 }, () => ask());
  await settled();
  expect(waiting).toHaveLength(2);
  for (const answer of waiting.splice(0)) answer(new Error('our mistake'));
  await settled();
  for (const answer of waiting.splice(0)) answer();
  expect((await Promise.all(asked)).map(({ status }) => status)).toEqual([500, 500, 200]);
});

test('whoever waited for those who were wrong is refused without being looked at', async () => {
  const { ask, waiting, settled } = fixture({ rule: slidingWindow({ limit: 2, windowMs: 60_000 }) });
  const asked = Array.from({ length: 5 }, () => ask());
  await settled();
  for (const answer of waiting.splice(0)) answer(wrong);
  await settled();
  expect(waiting).toEqual([]);
  const answers = await Promise.all(asked);
  expect(answers.map(({ status }) => status)).toEqual([401, 401, 429, 429, 429]);
  expect(answers[4]?.headers.get('RateLimit')).toMatch(/^"failed-credentials";r=0;t=\d+$/);
});

test('who waits too long, or behind too many, is told to come again', async () => {
  const { ask, waiting, settled, clock } = fixture();
  const asked = Array.from({ length: 1_011 }, () => ask());
  await settled();
  expect((await asked[1_010])?.status).toBe(503);
  await clock.advance(10_000);
  expect(await Promise.race([asked[10], settled()])).toMatchObject({ status: 503 });
  for (const answer of waiting.splice(0)) answer();
  expect((await asked[0])?.status).toBe(200);
});
