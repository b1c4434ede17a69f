import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';

/** The server of a stand-in, which listens already. */
export interface StandInServer extends AsyncDisposable {
  readonly server: Server;
  readonly url: string;
  /** Ends it at once, with all its connections. A second call does nothing. */
  close(): Promise<void>;
}

/** Where a stand-in listens. */
export interface ListenOptions {
  /** Default 0: a free one. */
  readonly port?: number | undefined;
  /** Default: this machine alone. */
  readonly host?: string | undefined;
}

/** Starts the server of a stand-in. */
export async function startServer({ port = 0, host = '127.0.0.1' }: ListenOptions): Promise<StandInServer> {
  const server = createServer().listen(port, host);
  await once(server, 'listening');
  const close = async () => {
    const closed = server.listening ? once(server, 'close') : Promise.resolve();
    server.closeAllConnections();
    server.close();
    await closed;
  };
  const url = `http://${host}:${(server.address() as AddressInfo).port}`;
  return { server, url, close, [Symbol.asyncDispose]: close };
}
