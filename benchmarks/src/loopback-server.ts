import { once } from 'node:events';
import type { Server } from 'node:http';
import { connect, type AddressInfo, type Socket } from 'node:net';

/** One connection to a server in this process, with as little work on the client's side as there can be. */
export interface Connection {
  /** Sends requests at once, and waits for as many answers. */
  ask(count: number): Promise<void>;
  close(): Promise<void>;
}

/** Starts a server on a free port and connects to it. */
export async function connectTo(server: Server, path: string): Promise<Connection> {
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket = connect((server.address() as AddressInfo).port, '127.0.0.1');
  await once(socket, 'connect');
  socket.setNoDelay(true);
  const request = `GET ${path} HTTP/1.1\r\nHost: localhost\r\n\r\n`;
  // The first answer tells how long all are: times in heads and bodies keep their length.
  socket.write(request);
  const [first] = (await once(socket, 'data')) as [Buffer];
  if (!first.toString('latin1').startsWith('HTTP/1.1 200 OK\r\n')) {
    throw new Error(`${path} answers ${first.toString('latin1').split('\r\n')[0]}`);
  }
  return {
    async ask(count) {
      socket.write(request.repeat(count));
      await received(socket, first.length * count);
    },
    async close() {
      socket.destroy();
      server.close();
      await once(server, 'close');
    },
  };
}

function received(socket: Socket, bytes: number): Promise<void> {
  return new Promise((resolve) => {
    let left = bytes;
    const take = (chunk: Buffer) => {
      left -= chunk.length;
      if (left > 0) return;
      socket.off('data', take);
      resolve();
    };
    socket.on('data', take);
  });
}
