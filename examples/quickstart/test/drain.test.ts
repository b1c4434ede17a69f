import type { ServerResponse } from 'node:http';
import { describe, expect, it, vi } from 'vitest';
import { ask } from './support/http-client.ts';
import { start, urlOf, type Running } from './support/process.ts';
import { listen } from './support/setup.ts';

/** A quickstart with one request under way, which the upstream answers when told to. */
async function busy(...flags: string[]): Promise<{
  quickstart: Running;
  url: URL;
  reply: Promise<{ readonly status: number; readonly body: string }>;
  answer: () => void;
}> {
  let held: ServerResponse | undefined;
  const upstream = await listen((request, response) => {
    if (request.url === '/slow') held = response;
    else response.end('tea');
  });
  const quickstart = start('--port', '0', '--upstream', upstream.href, '--timeout', '20000', ...flags);
  const url = await urlOf(quickstart);
  const ready = async () => expect((await ask(url, { path: '/readyz' })).status).toBe(200);
  await vi.waitFor(ready, { timeout: 20_000 });
  const reply = ask(url, { path: '/slow' });
  reply.catch(() => undefined);
  await vi.waitFor(() => expect(held).toBeDefined(), { timeout: 20_000 });
  return { quickstart, url, reply, answer: () => held?.end('at last') };
}

const said = ({ output }: Running, text: string) =>
  vi.waitFor(() => expect(output()).toContain(text), { timeout: 20_000 });

describe.skipIf(process.platform === 'win32')('a quickstart that is told to end', () => {
  it('fails its readiness, and goes on serving, on SIGTERM', async () => {
    const { quickstart, url, reply, answer } = await busy('--drain', '2000');
    quickstart.child.kill('SIGTERM');
    await said(quickstart, 'draining');
    const [ready, live, tea] = await Promise.all(
      ['/readyz', '/livez', '/more'].map((path) => ask(url, { path })),
    );
    expect([ready?.status, live?.status, tea?.body]).toEqual([503, 200, 'tea']);
    const status: unknown = JSON.parse((await ask(url, { path: '/status' })).body);
    expect(status).toMatchObject({ status: 'down', reason: 'draining', health: 'draining', ready: false });
    // Whoever keeps a connection is asked to come with a new one, which reaches another instance.
    expect(tea?.headers).toMatchObject({ connection: 'close' });
    answer();
    expect((await reply).body).toBe('at last');
    expect(await quickstart.ended).toBe(0);
    expect(quickstart.output()).toContain('2 requests in');
  });

  it('accepts nothing more but finishes what is under way on Ctrl-C', async () => {
    const { quickstart, url, reply, answer } = await busy();
    quickstart.child.kill('SIGINT');
    await vi.waitFor(() => expect(ask(url)).rejects.toThrow('ECONNREFUSED'), { timeout: 20_000 });
    answer();
    expect(await reply).toMatchObject({ status: 200, body: 'at last' });
    expect(await quickstart.ended).toBe(0);
    expect(quickstart.output()).toContain('100.0 %  answered by the upstream');
  });

  it.each([
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ] as const)('ends at once on a second %s', async (signal, code) => {
    const { quickstart, reply } = await busy('--drain', '60000');
    quickstart.child.kill('SIGTERM');
    await said(quickstart, 'draining');
    quickstart.child.kill(signal);
    expect(await quickstart.ended).toBe(code);
    await expect(reply).rejects.toThrow(/socket hang up|ECONNRESET/);
  });
});
