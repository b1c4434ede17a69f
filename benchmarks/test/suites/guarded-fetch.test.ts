import { createServer } from 'node:http';
import { expect, it } from 'vitest';
import { verify } from '../../src/harness/timed-case.ts';
import { listen } from '../../src/loopback-server.ts';
import { guardedFetch, loopbackCases } from '../../src/suites/guarded-fetch.ts';

it('asks a server in the same way as memory', async () => {
  const asked: string[] = [];
  const server = await listen(
    createServer(({ method, headers }, response) => {
      asked.push(`${method} ${'holdfast-timeout-ms' in headers}`);
      response.end('{}');
    }),
  );
  const cases = loopbackCases(server.url);
  for (const each of cases) await verify(each);
  await server.close();
  // Of four cases only that of createFetch tells its deadline.
  expect(asked).toEqual(['GET false', 'GET true', 'GET false', 'GET false']);
  expect(cases.filter(({ target }) => target !== undefined)).toEqual([]);
});

it('sets each guarded case beside the bare one', () => {
  const cases = guardedFetch.makeCases();
  const bare = new Set(cases.filter(({ subject }) => subject === 'platform').map(({ name }) => name));
  const guarded = cases.filter(({ subject }) => subject !== 'platform');
  for (const { above } of guarded) expect(bare).toContain(above);
});
