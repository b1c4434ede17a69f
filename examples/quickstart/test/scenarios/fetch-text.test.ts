import { classifyModelError } from '@holdfast/http/models';
import { expect, it } from 'vitest';
import { anthropic } from '../../src/demo/models.ts';
import { UpstreamStatusError, UpstreamUnreachableError } from '../../src/proxy/errors.ts';
import { fetchText } from '../../src/scenarios/fetch-text.ts';
import { deadEnd, listen } from '../support/setup.ts';

it('answers the text', async () => {
  const url = await listen((_request, response) => response.end('tea'));
  expect(await fetchText(fetch, url)).toBe('tea');
});

it('keeps what a bad answer says, so that it can be classified and handed on', async () => {
  const url = await listen((_request, response) => anthropic.fail(response));
  const error: unknown = await fetchText(fetch, url).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UpstreamStatusError);
  expect(error).toMatchObject({ status: 529, head: { headers: ['Content-Type', 'application/json'] } });
  expect(classifyModelError(error)).toMatchObject({ kind: 'overloaded', failover: true });
});

it('tells of a connection that does not come about', async () => {
  const error: unknown = await fetchText(fetch, await deadEnd()).catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(UpstreamUnreachableError);
  expect(classifyModelError(error)).toMatchObject({ kind: 'server' });
});

it('leaves the reason of an abort alone', async () => {
  const reason = new Error('enough');
  await expect(fetchText(fetch, await deadEnd(), { signal: AbortSignal.abort(reason) })).rejects.toBe(reason);
});
