import { spawn } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { expect, test, vi } from 'vitest';

async function start(env: Record<string, string> = {}) {
  const script = path.join(import.meta.dirname, 'service.ts');
  const child = spawn(process.execPath, ['--conditions=@holdfast/source', script], {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.setEncoding('utf8').on('data', (text: string) => (output += text));
  await vi.waitFor(() => expect(output).toMatch(/port \d+/), { timeout: 15_000 });
  const origin = `http://127.0.0.1:${/port (\d+)/.exec(output)?.[1]}`;
  const status = async (at: string) => (await fetch(origin + at)).status;
  await vi.waitFor(async () => expect(await status('/readyz')).toBe(200), { timeout: 5_000 });
  return {
    child,
    origin,
    status,
    exited: once(child, 'exit'),
    lines: () => output.trim().split('\n').slice(1),
  };
}

test(
  'on SIGTERM readiness fails, liveness stays green, and what is being served is served',
  { timeout: 30_000 },
  async () => {
    const { child, origin, status, exited, lines } = await start();
    const slow = fetch(`${origin}/slow`).then((response) => response.text());
    child.kill('SIGTERM');
    await vi.waitFor(async () => expect(await status('/readyz')).toBe(503));
    expect(await status('/livez')).toBe(200);
    expect(await slow).toBe('slow');
    expect(await exited).toEqual([0, null]);
    expect(lines()).toEqual([
      'shutdown.started',
      'http done',
      'database done',
      'flushed',
      'flush done',
      'shutdown.ended',
    ]);
  },
);

test('a second signal ends a process that hangs', { timeout: 30_000 }, async () => {
  const { child, exited, lines } = await start({ HANG: '1' });
  child.kill('SIGINT');
  await vi.waitFor(() => expect(lines()).toContain('http done'));
  child.kill('SIGINT');
  expect(await exited).toEqual([130, null]);
  expect(lines()).toEqual(['shutdown.started', 'http done', 'shutdown.forced']);
});
