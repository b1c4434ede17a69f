import { expect, it, onTestFinished } from 'vitest';
import type { Fault } from '../../src/demo/schedule.ts';
import { openUpstream } from '../../src/demo/upstream.ts';
import { ask } from '../support/http-client.ts';

async function upstream(fault: Fault, { faultRatio = 1, endsInMs = 10_000 } = {}): Promise<URL> {
  const phase = { name: 'test', seconds: 1, latencyMs: [1, 2], faultRatio, fault } as const;
  const server = await openUpstream({
    phase: () => ({ phase, next: phase, endsInMs }),
    speed: 1,
    random: () => 0.5,
  });
  onTestFinished(() => server.close());
  return server.url;
}

it('answers in several pieces when all is well', async () => {
  const reply = await ask(await upstream('none'));
  expect(reply).toMatchObject({ status: 200 });
  expect(reply.body.split('\n')).toHaveLength(9);
});

it('answers with an error', async () => {
  expect(await ask(await upstream('status'))).toMatchObject({ status: 503 });
});

it('breaks off its answer', async () => {
  await expect(ask(await upstream('break'))).rejects.toThrow('aborted');
});

it('resets connections in an outage', async () => {
  await expect(ask(await upstream('refuse'))).rejects.toThrow(/ECONNRESET|socket hang up/);
});

it('hangs until the phase is over', async () => {
  await expect(ask(await upstream('hang', { endsInMs: 20 }))).rejects.toThrow('socket hang up');
});

it('misbehaves only as often as it is told to', async () => {
  expect(await ask(await upstream('status', { faultRatio: 0.5 }))).toMatchObject({ status: 200 });
});

it('closes although somebody hangs on it', async () => {
  const phase = { name: 'test', seconds: 1, latencyMs: [1, 2], faultRatio: 1, fault: 'hang' } as const;
  const reading = { phase, next: phase, endsInMs: 60_000 };
  const server = await openUpstream({ phase: () => reading, speed: 1, random: () => 0 });
  const reply = ask(server.url).catch((error: Error) => error.message);
  await new Promise((resolve) => setImmediate(resolve));
  await server.close();
  expect(await reply).toMatch(/socket hang up|ECONNRE/);
});
