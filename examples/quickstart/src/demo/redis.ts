import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { Redis } from 'ioredis';

/** A Redis to share state in. */
export interface OpenRedis {
  readonly client: Redis;
  close(): Promise<void>;
}

/**
 * Connects to the Redis that `REDIS_URL` names, or starts one that nobody else can reach.
 *
 * @throws when there is neither
 */
export async function openRedis(url = process.env['REDIS_URL']): Promise<OpenRedis> {
  return url ? connect(url) : launch();
}

async function connect(url: string): Promise<OpenRedis> {
  const client = new Redis(url, { lazyConnect: true, maxRetriesPerRequest: 1 });
  client.on('error', () => undefined);
  await client.connect().catch(() => {
    client.disconnect();
    throw new Error('The Redis that REDIS_URL names does not answer.');
  });
  return { client, close: async () => void (await client.quit()) };
}

async function launch(): Promise<OpenRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-redis-'));
  const socket = path.join(folder, 'redis.sock');
  const options = [
    '--port',
    '0',
    '--unixsocket',
    socket,
    '--dir',
    folder,
    '--save',
    '',
    '--appendonly',
    'no',
  ];
  // Ctrl-C is for the quickstart, which still needs its Redis while it ends.
  const server = spawn('redis-server', options, { stdio: 'ignore', detached: true });
  const removed = () => rm(folder, { recursive: true, force: true });
  await once(server, 'spawn').catch(async () => {
    await removed();
    throw new Error('This scenario needs Redis: install redis-server, or set REDIS_URL.');
  });
  // However the quickstart ends, it leaves no server behind.
  process.once('exit', () => server.kill());
  const ended = once(server, 'exit');
  const client = new Redis(socket, { retryStrategy: () => 20 });
  client.on('error', () => undefined);
  await client.ping();
  return {
    client,
    close: async () => {
      client.disconnect();
      server.kill();
      await ended;
      await removed();
    },
  };
}
