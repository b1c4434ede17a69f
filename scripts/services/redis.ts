import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { connect } from 'node:net';
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
 * @returns once it answers
 */
export async function startRedis(): Promise<RunningRedis> {
  const port = await freePort();
  let server = await launch(port);
  const kill = async () => {
    if (server.exitCode !== null || server.signalCode !== null) return;
    const gone = once(server, 'exit');
    server.kill('SIGKILL');
    await gone;
  };
  return {
    port,
    url: `redis://127.0.0.1:${port}`,
    kill,
    pause: () => void server.kill('SIGSTOP'),
    resume: () => void server.kill('SIGCONT'),
    restart: async () => {
      await kill();
      server = await launch(port);
    },
    close: kill,
    [Symbol.asyncDispose]: kill,
  };
}

async function launch(port: number): Promise<ChildProcess> {
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no'];
  const server = spawn('redis-server', options, { stdio: 'ignore' });
  for (let tries = 0; tries < 500; tries++) {
    if (await answers(port)) return server;
    if (server.exitCode !== null) break;
    await delay(10);
  }
  server.kill('SIGKILL');
  throw new Error(`redis-server does not answer at port ${port}`);
}

function answers(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const settle = (value: boolean) => {
      socket.destroy();
      resolve(value);
    };
    socket.once('error', () => settle(false));
    socket.once('data', () => settle(true));
    socket.once('connect', () => socket.write('PING\r\n'));
  });
}
