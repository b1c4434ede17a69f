import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { systemClock } from '@holdfast/pipeline';
import { leaseTables, postgresLeases } from '@holdfast/credential-broker/postgres';
import { redisLeases } from '@holdfast/credential-broker/redis';
import { Redis } from 'ioredis';
import { Pool } from 'pg';
import { expect, it, onTestFinished } from 'vitest';
import type { LeaseStore } from '@holdfast/credential-broker';
import { startPostgres } from '../../../../scripts/services/postgres.ts';
import { hasRedis, startRedis } from '../../../../scripts/services/redis.ts';
import { aBroker, ask, WORKER } from './rig.ts';

const script = fileURLToPath(new URL('redeeming-process.ts', import.meta.url));

/** A process that redeems 500 times at once when it is told to. */
function start(...args: readonly string[]) {
  const node = ['--conditions=@holdfast/source', '--no-warnings', script, ...args];
  const child = spawn(process.execPath, node, { stdio: ['pipe', 'pipe', 'inherit'] });
  onTestFinished(() => void child.kill('SIGKILL'));
  const lines = createInterface(child.stdout)[Symbol.asyncIterator]();
  const line = async () => String((await lines.next()).value);
  return { line, go: () => child.stdin.end('go'), ended: once(child, 'exit') };
}

/** Has two processes redeem one handle for one use, 1,000 times in all. @returns how often that gave a credential */
async function winnersOf(store: string, url: string, leases: LeaseStore): Promise<number> {
  const { broker } = aBroker({}, { leases, clock: systemClock });
  const { handle = '' } = await broker.issue(ask('vault', { redeemer: WORKER.id, oneTime: true }));
  const processes = [1, 2].map(() => start(store, url, handle));
  expect(await Promise.all(processes.map(({ line }) => line()))).toEqual(['ready', 'ready']);
  for (const { go } of processes) go();
  const counts = await Promise.all(processes.map(async ({ line }) => Number(await line())));
  for (const reasons of await Promise.all(processes.map(({ line }) => line()))) {
    expect(reasons).toBe('BrokerError: there is no such thing, or it has ended');
  }
  await Promise.all(processes.map(({ ended }) => ended));
  await broker.close();
  return counts.reduce((sum, count) => sum + count, 0);
}

it('a handle for one use has one winner of 1,000 in two processes, with leases in PostgreSQL', async () => {
  await using server = await startPostgres();
  const client = new Pool({ connectionString: server.url });
  client.on('error', () => {});
  await client.query(leaseTables());
  expect(await winnersOf('postgres', server.url, postgresLeases({ client }))).toBe(1);
  await client.end();
});

it.skipIf(!hasRedis)('and with leases in Redis', async () => {
  const server = await startRedis();
  const client = new Redis(server.url);
  expect(await winnersOf('redis', server.url, redisLeases({ client }))).toBe(1);
  client.disconnect();
  await server.close();
});
