import { once } from 'node:events';
import { createServer, type AddressInfo } from 'node:net';
import { expect, it, onTestFinished, vi } from 'vitest';
import type { Status } from '../src/status.ts';
import { start, urlOf } from './support/process.ts';

it('opens and closes its circuit as the schedule says', { timeout: 30_000 }, async () => {
  const quickstart = start('--port', '0', '--speed', '10', '--drain', '0');
  const { child, output, ended } = quickstart;
  const url = await urlOf(quickstart);
  await vi.waitFor(
    async () => {
      const { circuit } = (await (await fetch(new URL('/status', url))).json()) as Status;
      expect(circuit?.openings).toBeGreaterThan(0);
      expect(circuit?.closings).toBeGreaterThan(0);
    },
    { timeout: 20_000, interval: 100 },
  );
  child.kill('SIGTERM');
  expect(await ended).toBe(0);
  expect(output()).toMatch(/circuit opened for 200 ms: .+/);
  expect(output()).toContain('circuit closed: the upstream has recovered');
  expect(output()).toMatch(
    /^The circuit opened (once|\d+ times) and closed (once|\d+ times); it is [a-z-]+\.$/m,
  );
  expect(output()).not.toContain('\x1b');
});

it('ends by itself when its time is up', { timeout: 30_000 }, async () => {
  const { output, ended } = start('--port', '0', '--duration', '0.5');
  expect(await ended).toBe(0);
  expect(output()).toMatch(/^\d+ requests in .+, of which$/m);
});

it.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM'] as const)(
  'ends with a summary on %s',
  { timeout: 30_000 },
  async (signal) => {
    const quickstart = start('--port', '0', '--rate', '50', '--drain', '0');
    const { child, output, ended } = quickstart;
    await urlOf(quickstart);
    await vi.waitFor(() => expect(output()).toContain('answered'), { timeout: 10_000 });
    child.kill(signal);
    expect(await ended).toBe(0);
    expect(output()).toContain('requests in');
    expect(output()).not.toContain('abandoned');
  },
);

it(
  'shows a scenario in plain lines where there is no terminal, and compares',
  { timeout: 30_000 },
  async () => {
    const { output, ended } = start(
      '--scenario',
      'bulkhead',
      '--port',
      '0',
      '--duration',
      '2',
      '--drain',
      '0',
    );
    expect(await ended).toBe(0);
    expect(output()).toContain('bulkhead: at most 8 requests at a time');
    expect(output()).toMatch(/^0:0\d  healthy .+ without: +answered /m);
    expect(output()).toMatch(/^  in \d+(\.\d)? s +without +with$/m);
    expect(output()).toMatch(/^  at most at a time +\d+ +\d$/m);
    expect(output()).not.toContain('\x1b');
  },
);

it('names the scenarios that there are when one is asked for that is none', async () => {
  const { output, ended } = start('--scenario', 'tea');
  expect(await ended).toBe(1);
  expect(output()).toContain('--scenario must be one of breaker, retry,');
  expect(output()).toContain('got "tea"');
});

it('tells what it can do', async () => {
  const { output, ended } = start('--help');
  expect(await ended).toBe(0);
  expect(output()).toContain('Usage: npm start -- quickstart');
});

it('names a flag that it does not know', async () => {
  const { output, ended } = start('--tea');
  expect(await ended).toBe(1);
  expect(output()).toContain("Unknown option '--tea'");
  expect(output()).not.toContain('    at ');
});

it('says that its port is taken', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  onTestFinished(() => void other.close());
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const { output, ended } = start('--port', String(port));
  expect(await ended).toBe(1);
  expect(output()).toContain(`Port ${port} is taken`);
  expect(output()).not.toContain('    at ');
});
