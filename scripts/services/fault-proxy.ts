import { once } from 'node:events';
import { connect, createServer, type AddressInfo, type Socket } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';

/** What goes wrong between the two ends of a connection. */
export type Fault =
  /** All that is sent, either way, comes so much later. */
  | { readonly kind: 'latency'; readonly ms: number }
  /** It comes in pieces of so many bytes, with a pause after each. */
  | { readonly kind: 'drip'; readonly bytes: number; readonly pauseMs: number }
  /** Nothing comes, either way, until the fault is over; connections stay. */
  | { readonly kind: 'black-hole' }
  /** The server is gone, and nobody tells the client: its connections stay, for ever silent. */
  | { readonly kind: 'half-open' }
  /** Every connection is reset, those that are there and those that come. */
  | { readonly kind: 'reset' }
  /** Each connection is reset in the midst of what the server answers, after so many bytes of it. */
  | { readonly kind: 'cut'; readonly afterBytes: number };

/** One of each, to be survived. */
export const FAULTS: readonly Fault[] = [
  { kind: 'latency', ms: 20 },
  { kind: 'drip', bytes: 50, pauseMs: 2 },
  { kind: 'black-hole' },
  { kind: 'half-open' },
  { kind: 'reset' },
  { kind: 'cut', afterBytes: 3 },
];

/** A stretch of network that does what tests tell it to. */
export interface FaultProxy extends AsyncDisposable {
  readonly port: number;
  /** How many clients are connected. */
  readonly connections: number;
  /** Begins a fault, in place of the one before. */
  inject(fault: Fault): void;
  /** Ends the fault. What was held back is delivered; what was broken stays so. */
  heal(): void;
  close(): Promise<void>;
}

/**
 * Starts a proxy on a free port of the loopback interface, in front of a TCP server.
 *
 * @param targetPort - where the server listens
 */
export async function startFaultProxy(targetPort: number): Promise<FaultProxy> {
  const weather = new Weather();
  const links = new Set<Link>();
  const server = createServer({ allowHalfOpen: true }, (client) => {
    const link = new Link(client, targetPort, weather);
    links.add(link);
    client.once('close', () => links.delete(link));
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  const change = (fault: Fault | undefined) => {
    weather.change(fault);
    for (const link of links) link.suffer();
  };
  const close = async () => {
    change({ kind: 'reset' });
    if (server.listening) await once(server.close(), 'close');
  };
  return {
    port: (server.address() as AddressInfo).port,
    get connections() {
      return links.size;
    },
    inject: change,
    heal: () => change(undefined),
    close,
    [Symbol.asyncDispose]: close,
  };
}

/** The fault of the moment, and a promise of the next. */
class Weather {
  fault: Fault | undefined;
  changed!: Promise<void>;
  private announce: () => void = () => undefined;

  constructor() {
    this.change(undefined);
  }

  change(fault: Fault | undefined): void {
    this.fault = fault;
    this.announce();
    this.changed = new Promise((resolve) => (this.announce = resolve));
  }
}

/** One client, and its connection to the server. */
class Link {
  private readonly client: Socket;
  private readonly server: Socket;
  private readonly weather: Weather;
  private isSevered = false;
  private answered = 0;

  constructor(client: Socket, targetPort: number, weather: Weather) {
    this.client = client;
    this.server = connect({ port: targetPort, host: '127.0.0.1', allowHalfOpen: true });
    this.weather = weather;
    for (const socket of [this.client, this.server]) socket.on('error', () => this.fail());
    this.suffer();
    void this.pump(this.client, this.server);
    void this.pump(this.server, this.client);
  }

  /** Does at once what a fault does to a connection as it is. */
  suffer(): void {
    const { fault } = this.weather;
    this.answered = 0;
    if (fault?.kind === 'reset') this.reset();
    if (fault?.kind === 'half-open') {
      this.isSevered = true;
      this.server.destroy();
    }
  }

  private async pump(from: Socket, to: Socket): Promise<void> {
    try {
      // An end that is over for one side is not for the other.
      for await (const bytes of from.iterator({ destroyOnReturn: false }))
        await this.pass(bytes as Buffer, to);
      if (!this.isSevered) to.end();
    } catch {
      this.fail();
    }
  }

  private async pass(bytes: Buffer, to: Socket): Promise<void> {
    while (this.weather.fault?.kind === 'black-hole') await this.weather.changed;
    const { fault } = this.weather;
    if (fault?.kind === 'drip') return this.drip(bytes, to, fault);
    if (fault?.kind === 'cut' && to === this.client) return this.cut(bytes, fault.afterBytes);
    if (fault?.kind === 'latency') await Promise.race([delay(fault.ms), this.weather.changed]);
    if (!this.isSevered) to.write(bytes);
  }

  private async drip(bytes: Buffer, to: Socket, { bytes: size, pauseMs }: Extract<Fault, { kind: 'drip' }>) {
    for (let at = 0; at < bytes.length; at += size) {
      to.write(bytes.subarray(at, at + size));
      await Promise.race([delay(pauseMs), this.weather.changed]);
    }
  }

  private async cut(bytes: Buffer, afterBytes: number): Promise<void> {
    const part = bytes.subarray(0, Math.max(0, afterBytes - this.answered));
    this.answered += bytes.length;
    await new Promise((resolve) => this.client.write(part, resolve));
    if (this.answered > afterBytes) this.reset();
  }

  private fail(): void {
    if (!this.isSevered) this.reset();
  }

  private reset(): void {
    this.client.resetAndDestroy();
    this.server.destroy();
  }
}
