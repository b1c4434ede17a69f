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

/** Runs a server until its input ends, which it does however the quickstart ends, and leaves nothing of it. */
const KEEPER = `
  command -v redis-server || exit
  redis-server --port 0 --unixsocket redis.sock --save '' --appendonly no &
  read -r end
  kill $!
  wait
  rm -r "$PWD"
`;

async function launch(): Promise<OpenRedis> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-redis-'));
  // Ctrl-C is for the quickstart, which still needs its Redis while it ends.
  const keeper = spawn('/bin/sh', ['-c', KEEPER], {
    cwd: folder,
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  const ended = once(keeper, 'exit');
  const client = new Redis(path.join(folder, 'redis.sock'), { retryStrategy: () => 20 });
  client.on('error', () => undefined);
  const close = async () => {
    client.disconnect();
    keeper.stdin.end();
    await ended;
  };
  const answers = client.ping().then(() => true);
  if (await Promise.race([answers, ended.then(() => false)])) return { client, close };
  client.disconnect();
  await rm(folder, { recursive: true });
  throw new Error('This scenario needs Redis: install redis-server, or set REDIS_URL.');
}
