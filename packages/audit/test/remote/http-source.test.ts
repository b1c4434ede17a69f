import { describe, expect, it } from 'vitest';
import { httpSource, RemoteError, type Fetch, type HttpSourceOptions } from '@holdfast/audit';
import { manualClock, seededRandom } from '@holdfast/pipeline/testing';

const PREFIX = 'https://audit.example/logs/acme';

/** A source over answers that come one after another; the last one stays. */
function over(...answers: readonly (() => Response | Promise<Response>)[]) {
  const clock = manualClock();
  const urls: string[] = [];
  const fetch: Fetch = async (url) => {
    urls.push(url);
    const answer = answers[Math.min(urls.length, answers.length) - 1];
    return answer === undefined ? new Response('') : answer();
  };
  const source = (options: HttpSourceOptions = {}) =>
    httpSource(PREFIX, { fetch, clock, random: seededRandom(1), ...options });
  return { clock, urls, source };
}

const text = (bytes: Uint8Array | undefined) => bytes && Buffer.from(bytes).toString();

describe('httpSource', () => {
  it('reads files below its prefix, whether that ends in a slash or not', async () => {
    const { urls, source } = over(() => new Response('bytes'));
    expect(text(await source().read('tile/0/000'))).toBe('bytes');
    const fetch: Fetch = async (url) => new Response(url);
    expect(text(await httpSource(`${PREFIX}//`, { fetch }).read('checkpoint'))).toBe(`${PREFIX}/checkpoint`);
    expect(urls).toEqual([`${PREFIX}/tile/0/000`]);
  });

  it.each([404, 410])('takes a status of %i for a file that is not there', async (status) => {
    const { source } = over(() => new Response('', { status }));
    expect(await source().read('checkpoint')).toBeUndefined();
  });

  it('tries again what may pass, and not what will not', async () => {
    const passing = over(
      () => new Response('', { status: 503 }),
      () => Promise.reject(new TypeError('reset')),
      () => new Response('late'),
    );
    const reading = passing.source().read('checkpoint');
    await passing.clock.run();
    expect(text(await reading)).toBe('late');
    const refused = over(() => new Response('', { status: 403 }));
    await expect(refused.source().read('checkpoint')).rejects.toMatchObject({
      code: 'ERR_AUDIT_REMOTE',
      status: 403,
    });
    expect(refused.urls).toHaveLength(1);
  });

  it('gives up on a server that never answers', async () => {
    const { clock, urls, source } = over(() => new Promise<Response>(() => {}));
    const reading = source({ timeoutMs: 1_000, maxAttempts: 2 }).read('checkpoint');
    const failed = expect(reading).rejects.toMatchObject({ code: 'ERR_TIMEOUT' });
    await clock.run();
    await failed;
    expect(urls).toHaveLength(2);
  });

  it('reads no more than a file of a log can have', async () => {
    let sent = 0;
    let cancelled = false;
    const endless = () =>
      new Response(
        new ReadableStream({
          pull(controller) {
            sent += 1_048_576;
            controller.enqueue(new Uint8Array(1_048_576));
          },
          cancel() {
            cancelled = true;
          },
        }),
      );
    const { source } = over(endless);
    await expect(source({ maxAttempts: 1 }).read('tile/entries/000')).rejects.toThrow(
      'sent more than 16777472 bytes',
    );
    expect(cancelled).toBe(true);
    expect(sent).toBeLessThan(20_000_000);
  });

  const to = (location: string) => () => new Response('', { status: 302, headers: { location } });

  it('follows redirects within the server only', async () => {
    const within = over(to('/elsewhere/checkpoint'), () => new Response('moved'));
    expect(text(await within.source().read('checkpoint'))).toBe('moved');
    expect(within.urls.at(-1)).toBe('https://audit.example/elsewhere/checkpoint');
    for (const location of [
      'https://other.example/checkpoint',
      'http://audit.example/checkpoint',
      'https://audit.example:444/',
    ]) {
      const { urls, source } = over(to(location));
      await expect(source({ maxAttempts: 1 }).read('checkpoint')).rejects.toThrow('redirects to another one');
      expect(urls).toHaveLength(1);
    }
  });

  it('does not go in circles', async () => {
    const { urls, source } = over(to('/again'));
    await expect(source({ maxAttempts: 1 }).read('checkpoint')).rejects.toThrow(RemoteError);
    expect(urls).toHaveLength(4);
  });

  it('refuses what is no URL of the web', () => {
    for (const prefix of ['', 'audit.example', 'file:///etc', 'ftp://audit.example']) {
      expect(() => httpSource(prefix)).toThrow('httpSource: prefix must be an http or https URL');
    }
    expect(() => httpSource(PREFIX, { timeoutMs: 0 })).toThrow(
      'httpSource: timeoutMs must be an integer >= 1, got 0',
    );
  });
});
