import { once } from 'node:events';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { CircuitBreaker } from '@holdfast/circuit-breaker';
import { expect, it, onTestFinished, vi } from 'vitest';
import { openRedis } from '../../src/demo/redis.ts';
import { shared } from '../../src/scenarios/shared.ts';
import { hasRedis } from '../../../../scripts/services/redis.ts';
import { start, urlOf } from '../support/process.ts';
import { deadEnd } from '../support/setup.ts';
import { failures, play, sampleWorld, shown } from '../support/scenario.ts';

it.skipIf(!hasRedis)('opens all circuits when two of them are open', { timeout: 60_000 }, async () => {
  vi.stubEnv('REDIS_URL', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const guard = await shared.guard(sampleWorld());
  onTestFinished(() => guard.close?.());
  const breakers = guard.parts as readonly CircuitBreaker[];
  const states = () => breakers.map(({ state }) => state);
  breakers[0]?.trip();
  expect(states().filter((state) => state === 'open')).toHaveLength(1);
  breakers[1]?.trip();
  const all = breakers.map(() => 'open');
  await vi.waitFor(() => expect(states()).toEqual(all), { timeout: 20_000 });
});

it.skipIf(!hasRedis)('lets fewer requests run into an outage', { timeout: 90_000 }, async () => {
  vi.stubEnv('REDIS_URL', '');
  onTestFinished(() => void vi.unstubAllEnvs());
  const quickstart = await play('shared');
  await shown(quickstart, ({ without, totals }) => {
    expect(failures(without)).toBeGreaterThan(40);
    expect(totals.rejected).toBeGreaterThan(20);
    expect(failures(quickstart.status())).toBeLessThan(failures(without));
  });
});

it.skipIf(!hasRedis)('leaves no Redis behind when it is killed', { timeout: 60_000 }, async () => {
  const folders = () => readdirSync(tmpdir()).filter((name) => name.startsWith('holdfast-redis-'));
  vi.stubEnv('REDIS_URL', '');
  vi.stubEnv('TMPDIR', mkdtempSync(path.join(tmpdir(), 'holdfast-shared-')));
  const temporary = tmpdir();
  onTestFinished(() => rmSync(temporary, { recursive: true }));
  onTestFinished(() => void vi.unstubAllEnvs());
  const running = start('--port', '0', '--scenario', 'shared');
  await urlOf(running);
  const [folder = ''] = folders();
  const client = connect(path.join(temporary, folder, 'redis.sock'));
  const gone = once(client, 'close');
  running.child.kill('SIGKILL');
  await gone;
  await vi.waitFor(() => expect(folders()).toEqual([]), { timeout: 20_000 });
});

it('says what it needs where there is no Redis', async () => {
  vi.stubEnv('PATH', '/nowhere');
  onTestFinished(() => void vi.unstubAllEnvs());
  await expect(openRedis('')).rejects.toThrow('install redis-server, or set REDIS_URL');
});

it('says that the Redis of REDIS_URL does not answer, without naming it', async () => {
  const { port } = await deadEnd();
  const opened = openRedis(`redis://me:secret@127.0.0.1:${port}`);
  await expect(opened).rejects.toThrow(/^The Redis that REDIS_URL names does not answer\.$/);
});
