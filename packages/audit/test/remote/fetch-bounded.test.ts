import { describe, expect, it } from 'vitest';
import { fetchBounded, type Fetch } from '../../src/remote/fetch-bounded.ts';

const URL_OF = 'https://audit.example/logs/acme/checkpoint';

function fetcher(...answers: readonly Response[]) {
  const asked: { url: string; init: RequestInit }[] = [];
  const fetch: Fetch = async (url, init) => {
    asked.push({ url, init });
    return answers[asked.length - 1] ?? new Response('too many');
  };
  return { fetch, asked };
}

describe('fetchBounded', () => {
  it('answers status, type without parameters, and the whole body', async () => {
    const headers = { 'content-type': 'text/x.tlog.size; charset=utf-8' };
    const { fetch } = fetcher(new Response('12\n', { status: 409, headers }));
    expect(await fetchBounded(fetch, URL_OF, { method: 'POST' }, 100)).toMatchObject({
      status: 409,
      type: 'text/x.tlog.size',
      body: Buffer.from('12\n'),
    });
  });

  it('answers an empty body where there is none', async () => {
    const { fetch } = fetcher(new Response(null, { status: 204 }));
    expect(await fetchBounded(fetch, URL_OF, {}, 0)).toMatchObject({
      status: 204,
      type: '',
      body: Buffer.alloc(0),
    });
  });

  it('takes as many bytes as it may, and not one more', async () => {
    const body = 'x'.repeat(100);
    expect((await fetchBounded(fetcher(new Response(body)).fetch, URL_OF, {}, 100)).body).toHaveLength(100);
    const one = fetchBounded(fetcher(new Response(body)).fetch, URL_OF, {}, 99);
    await expect(one).rejects.toMatchObject({
      code: 'ERR_AUDIT_REMOTE',
      status: 0,
      message: 'the server sent more than 99 bytes',
    });
  });

  it('follows a relative redirect with the request as it was', async () => {
    const moved = new Response('', { status: 308, headers: { location: '../globex/checkpoint' } });
    const { fetch, asked } = fetcher(moved, new Response('here'));
    const { signal } = new AbortController();
    expect((await fetchBounded(fetch, URL_OF, { signal }, 100)).body.toString()).toBe('here');
    expect(asked.map(({ url }) => url)).toEqual([URL_OF, 'https://audit.example/logs/globex/checkpoint']);
    for (const { init } of asked) expect(init).toMatchObject({ signal, redirect: 'manual' });
  });

  it('hands a redirect of anything but a GET to the caller', async () => {
    const { fetch, asked } = fetcher(new Response('', { status: 307, headers: { location: '/x' } }));
    expect((await fetchBounded(fetch, URL_OF, { method: 'POST', body: 'x' }, 100)).status).toBe(307);
    expect(asked).toHaveLength(1);
  });

  it('takes a redirect that leads nowhere for an answer', async () => {
    const { fetch } = fetcher(new Response(null, { status: 304 }));
    expect((await fetchBounded(fetch, URL_OF, {}, 100)).status).toBe(304);
  });

  it('passes on what fetch throws', async () => {
    const failure = new TypeError('getaddrinfo');
    await expect(fetchBounded(() => Promise.reject(failure), URL_OF, {}, 100)).rejects.toBe(failure);
  });
});
