import type { IncomingMessage, ServerResponse } from 'node:http';
import { expect, onTestFinished, test } from 'vitest';
import { authorize } from '../../../src/stand-ins/oidc-provider/authorize.ts';
import { startServer } from '../../../src/stand-ins/stand-in-server.ts';

const CALLBACK = 'https://app.example/callback';

/** A site that answers as told, and keeps what it was asked. */
async function site(answer: (path: string, response: ServerResponse) => void) {
  const { server, url, close } = await startServer({});
  onTestFinished(close);
  const asked: { readonly path: string; readonly cookie: string | undefined }[] = [];
  server.on('request', ({ url: path = '', headers }: IncomingMessage, response: ServerResponse) => {
    asked.push({ path, cookie: headers.cookie });
    answer(path, response);
  });
  return { asked, start: new URL('/start', url) };
}

const to = (location: string, cookies: readonly string[] = []) => ({ location, 'set-cookie': [...cookies] });

test('pages are followed with their cookies, as the latest page set them, up to the address', async () => {
  const { asked, start } = await site((path, response) => {
    if (path === '/start') response.writeHead(302, to('login?step=1', ['a=1; Path=/; HttpOnly', 'b=x=y']));
    else if (path === '/login?step=1') response.writeHead(303, to('/end', ['a=2']));
    else response.writeHead(302, to(`${CALLBACK}?code=c&state=s#f`));
    response.end();
  });
  expect((await authorize(start, ['https://other.example/', CALLBACK])).href).toBe(
    `${CALLBACK}?code=c&state=s#f`,
  );
  expect(asked).toEqual([
    { path: '/start', cookie: undefined },
    { path: '/login?step=1', cookie: 'a=1; b=x=y' },
    { path: '/end', cookie: 'a=2; b=x=y' },
  ]);
});

test('a page that leads nowhere says what it said', async () => {
  const { start } = await site((_path, response) => response.writeHead(400).end('no such client'));
  await expect(authorize(start, [CALLBACK])).rejects.toThrow('the provider answered 400: no such client');
});

test('pages that lead in a circle are left after a dozen', async () => {
  const { asked, start } = await site((_path, response) => response.writeHead(302, to('/start')).end());
  await expect(authorize(start, [CALLBACK])).rejects.toThrow('the provider leads on and on');
  expect(asked).toHaveLength(12);
});

test('an address is one of those that are known, and not what only begins like one', async () => {
  const { asked, start } = await site((path, response) =>
    response.writeHead(302, to(path === '/start' ? '/callback/more' : CALLBACK)).end(),
  );
  const own = new URL('/callback', start).href;
  expect((await authorize(start, [own, CALLBACK])).href).toBe(CALLBACK);
  expect(asked.map(({ path }) => path)).toEqual(['/start', '/callback/more']);
});
