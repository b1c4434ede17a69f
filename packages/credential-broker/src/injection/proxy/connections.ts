import type { IncomingMessage, Server } from 'node:http';
import type { Socket } from 'node:net';

/** The connections of a server, told apart by whether a request of theirs is being answered. */
export class Connections {
  private readonly open = new Set<Socket>();
  private readonly asked = new Set<IncomingMessage>();

  constructor(server: Server) {
    server.on('connection', (socket) => {
      this.open.add(socket);
      socket.on('close', () => this.open.delete(socket));
    });
    server.on('request', (request, response) => {
      this.asked.add(request);
      response.on('close', () => {
        this.asked.delete(request);
        // A server that closes would wait for the next request on a connection that is kept.
        if (!server.listening) this.endIdle();
      });
    });
  }

  /** Ends those on which nothing is being answered, though half a request may have come. */
  endIdle(): void {
    const busy = new Set([...this.asked].map(({ socket }) => socket));
    for (const socket of this.open) if (!busy.has(socket)) socket.destroy();
  }

  endAll(): void {
    for (const socket of this.open) socket.destroy();
  }
}
