import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** A server in this process that listens on a free port. */
export interface LoopbackServer {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Makes a connection of its own. */
  connect(path: string): Promise<Connection>;
  close(): Promise<void>;
}

/** One connection to a server in this process, with as little work on the client's side as there can be. */
export interface Connection {
  /** Sends requests at once, and waits until as many answers have begun. Need not wait for what was asked before. */
  ask(count: number): Promise<void>;
  close(): void;
}

/** What every answer begins with. */
const HEAD = 'HTTP/1.1 ';

/** Starts a server. */
export async function listen(server: Server): Promise<LoopbackServer> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  return {
    url: `http://127.0.0.1:${port}`,
    connect: (path) => connectTo(port, path),
    async close() {
      server.close();
      server.closeAllConnections();
      await once(server, 'close');
    },
  };
}

async function connectTo(port: number, path: string): Promise<Connection> {
  const socket = connect(port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  const first = once(socket, 'data') as Promise<[Buffer]>;
  const answered = answersOf(socket);
  const ask = (count: number) => {
    socket.write(request.repeat(count));
    return answered(count);
  };
  await ask(1);
  const status = (await first)[0].toString('latin1').split('\r\n')[0] ?? '';
  if (status === `${HEAD}200 OK`) return { ask, close: () => void socket.destroy() };
  socket.destroy();
  throw new Error(`${path} answers ${status}`);
}

/** Counts the heads of answers; returns a function that waits for more of them. */
function answersOf(socket: Socket): (count: number) => Promise<void> {
  const waiting: { readonly until: number; readonly resolve: () => void }[] = [];
  let asked = 0;
  let begun = 0;
  // A head may be cut in two.
  let rest = Buffer.alloc(0);
  socket.on('data', (chunk: Buffer) => {
    const bytes = rest.length === 0 ? chunk : Buffer.concat([rest, chunk]);
    let end = 0;
    for (let at = bytes.indexOf(HEAD); at !== -1; at = bytes.indexOf(HEAD, end)) {
      begun++;
      end = at + HEAD.length;
    }
    rest = Buffer.from(bytes.subarray(Math.max(end, bytes.length - HEAD.length + 1)));
    while (waiting[0] !== undefined && waiting[0].until <= begun) waiting.shift()?.resolve();
  });
  return (count) => {
    asked += count;
    return new Promise((resolve) => waiting.push({ until: asked, resolve }));
  };
}
