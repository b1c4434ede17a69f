import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { freePort } from './free-port.ts';

/** A Redis server of a test's own, without persistence. */
export interface RunningRedis extends AsyncDisposable {
  readonly port: number;
  /** `redis://127.0.0.1:PORT` */
  readonly url: string;
  /** Kills the server at once, as a crash would; what it held is gone. */
  kill(): Promise<void>;
  /** Suspends it: connections stay, nothing answers. */
  pause(): void;
  resume(): void;
  /** Starts it again after `kill`, empty, at the same port. */
  restart(): Promise<void>;
  close(): Promise<void>;
}

/** Whether Redis is installed; `apt-get install redis-server` brings it. */
export const hasRedis = spawnSync('redis-server', ['--version']).error === undefined;

if (!hasRedis) console.log('skipped: redis-server is not installed, so nothing meets a real Redis');

/**
 * Starts a real Redis on a free port of the loopback interface.
 *
 * @param mode - `cluster` makes it a cluster of one: it has all slots, and refuses what goes across them
 * @returns once it answers
 */
export async function startRedis(mode: 'single' | 'cluster' = 'single'): Promise<RunningRedis> {
  const port = await freePort();
  const dir = mkdtempSync(path.join(tmpdir(), 'holdfast-redis-'));
  const options = mode === 'single' ? [] : ['--cluster-enabled', 'yes'];
  let server = await launch(port, dir, options);
  if (mode === 'cluster') await say(port, 'CLUSTER ADDSLOTSRANGE 0 16383');
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  const close = async () => {
    await kill();
    rmSync(dir, { recursive: true, force: true });
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    restart: async () => {
      await kill();
      server = await launch(port, dir, options);
    },
    close,
    [Symbol.asyncDispose]: close,
  };
}

async function launch(port: number, dir: string, more: readonly string[]): Promise<ChildProcess> {
  const where = ['--port', String(port), '--bind', '127.0.0.1', '--dir', dir];
  const server = spawn('redis-server', [...where, '--save', '', '--appendonly', 'no', ...more], {
    stdio: 'ignore',
  });
  for (let tries = 0; tries < 500; tries++) {
    if (await say(port, 'PING')) return server;
    if (server.exitCode !== null) break;
    await delay(10);
  }
  server.kill('SIGKILL');
  throw new Error(`redis-server does not answer at port ${port}`);
}

/** Whether it answers to a command at all. */
function say(port: number, command: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('error', () => settle(false));
    socket.once('data', () => settle(true));
    socket.once('connect', () => socket.write(`${command}\r\n`));
  });
}
