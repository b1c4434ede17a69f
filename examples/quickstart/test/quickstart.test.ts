import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { seededRandom } from '@holdfast/pipeline/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { readCommandLine, type Settings } from '../src/command-line.ts';
import { openQuickstart, type Quickstart } from '../src/quickstart.ts';
import { ask } from './support/http-client.ts';
import { listen } from './support/setup.ts';

async function start(...args: string[]): Promise<Quickstart> {
  const settings = readCommandLine(['--port', '0', '--audit', 'none', ...args], {}) as Settings;
  const quickstart = await openQuickstart(settings, { onEntry: () => undefined, random: seededRandom(1) });
  onTestFinished(async () => void (await quickstart.lifecycle.shutdown('SIGINT')));
  return quickstart;
}

it('guards an upstream of yours, to which it sends no load of its own', async () => {
  const requests: string[] = [];
  const upstream = await listen((request, response) => {
    requests.push(`${request.method} ${request.url}`);
    response.writeHead(500).end();
  });
  const quickstart = await start('--upstream', upstream.href, '--open', '60000');
  for (let i = 0; i < 5; i++) await ask(quickstart.url, { method: 'POST', path: '/tea', body: 'please' });
  expect((await ask(quickstart.url)).headers['proxy-status']).toContain('destination_unavailable');
  const check = 'HEAD /';
  expect(requests).toContain(check);
  expect(requests.filter((each) => each !== check)).toEqual(Array.from({ length: 5 }, () => 'POST /tea'));

  const totals = { error: 5, rejected: 1 };
  await vi.waitFor(() => expect(quickstart.status().totals).toMatchObject(totals), { timeout: 20_000 });
  const { schedule, circuit, upstream: guarded } = quickstart.status();
  expect({ schedule, guarded }).toEqual({ schedule: null, guarded: upstream.href });
  expect(circuit).toMatchObject({ state: 'open', openings: 1, closings: 0 });
  expect(circuit?.retryAfterMs).toBeGreaterThan(50_000);
  const told = () => quickstart.journal().map(({ text }) => text);
  expect(told()).toContain('circuit opened for 60 s: The upstream answered 500');
  const alert = 'alert: upstream is down: http-500';
  await vi.waitFor(() => expect(told()).toContain(alert), { timeout: 20_000 });
  expect(quickstart.history().at(-1)?.circuit).toBe('open');
});

it('serves its own upstream and load, which show up in the status', async () => {
  const quickstart = await start('--rate', '200');
  await vi.waitFor(() => expect(quickstart.status().totals.answered).toBeGreaterThan(10), {
    timeout: 20_000,
  });
  const status: unknown = JSON.parse((await ask(quickstart.url, { path: '/status' })).body);
  expect(status).toMatchObject({
    schedule: { phase: 'healthy', next: 'errors' },
    circuit: { state: 'closed' },
  });
  expect(quickstart.latency().p50).toBeGreaterThan(0);
});

it('leaves nothing running when it cannot listen', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const servers = () => process.getActiveResourcesInfo().filter((name) => name === 'TCPServerWrap').length;
  const { port } = other.address() as AddressInfo;
  await expect(start('--port', String(port))).rejects.toThrow(`Port ${port} is taken`);
  await vi.waitFor(() => expect(servers()).toBe(1));
});

it('ends its load first, then what listens, then what that needs', async () => {
  const quickstart = await start('--rate', '200');
  const phases: string[] = [];
  quickstart.lifecycle.on('shutdown.phase_ended', ({ phase, outcome }) => phases.push(`${phase} ${outcome}`));
  const { code } = await quickstart.lifecycle.shutdown('SIGINT');
  expect(phases).toEqual([
    'load done',
    'http done',
    'guard done',
    'upstream done',
    'audit done',
    'metrics done',
  ]);
  expect(code).toBe(0);
  expect(quickstart.status()).toMatchObject({ health: 'draining', ready: false, inFlight: 0 });
  await expect(ask(quickstart.url)).rejects.toThrow('ECONNREFUSED');
});

it('serves metrics of what it has done, by route', async () => {
  const quickstart = await start('--rate', '200');
  const counted = /http_server_request_duration_seconds_count\{[^}]*http_route="\/orders"[^}]*\} (\d+)/;
  const scraped = async () =>
    Number(counted.exec((await ask(quickstart.url, { path: '/metrics' })).body)?.[1]);
  await vi.waitFor(async () => expect(await scraped()).toBeGreaterThan(10), { timeout: 20_000 });
});
