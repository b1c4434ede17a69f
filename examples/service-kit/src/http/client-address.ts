import type { IncomingMessage } from 'node:http';
import { BlockList, isIP } from 'node:net';

/** Tells from where a request comes. */
export type ClientAddress = (request: Pick<IncomingMessage, 'socket' | 'headersDistinct'>) => string;

/** Where a client is that no proxy tells readably. */
const UNKNOWN = 'unknown';

/** More than this many proxies are none of ours. */
const MAX_HOPS = 20;

/**
 * Makes what tells the address of a client. `X-Forwarded-For` counts only as far as proxies that are named have written
 * it: from the right, up to the first address that is not one of theirs. What stands before that is hearsay. Ports are
 * left out; a client is `unknown` when what stands there is no address, or claims to be this machine.
 *
 * @param trustedProxies - addresses and networks such as `10.1.0.0/16`
 * @throws {@link TypeError} when one is neither
 */
export function clientAddress(trustedProxies: readonly string[]): ClientAddress {
  const trusted = new BlockList();
  for (const network of trustedProxies) addNetwork(trusted, network);
  const loopback = new BlockList();
  for (const network of ['127.0.0.0/8', '::1']) addNetwork(loopback, network);
  return ({ socket, headersDistinct }) => {
    const lines = headersDistinct['x-forwarded-for'] ?? [];
    const hops = lines
      .flatMap((line) => line.split(','))
      .slice(-MAX_HOPS)
      .map(readHop);
    let address = plain(socket.remoteAddress ?? '');
    let isTold = false;
    while (hops.length > 0 && isIn(trusted, address)) {
      address = hops.pop() ?? UNKNOWN;
      isTold = true;
    }
    // This machine is known by its own socket alone: whoever is told to be it may be anybody.
    return isTold && isIn(loopback, address) ? UNKNOWN : address;
  };
}

function addNetwork(list: BlockList, network: string): void {
  const [address = '', bits] = network.split('/');
  const version = isIP(address);
  const full = version === 4 ? 32 : 128;
  const prefix = bits === undefined ? full : /^\d+$/.test(bits) ? Number(bits) : NaN;
  if (version === 0 || !(prefix <= full))
    throw new TypeError(`trustedProxies must hold addresses and networks, got ${JSON.stringify(network)}`);
  list.addSubnet(address, prefix, version === 4 ? 'ipv4' : 'ipv6');
}

function isIn(list: BlockList, address: string): boolean {
  const version = isIP(address);
  return version !== 0 && list.check(address, version === 4 ? 'ipv4' : 'ipv6');
}

const WITH_PORT = /^(?:\[([\da-f:.]+)\](?::\d+)?|([\d.]+):\d+)$/i;

function readHop(hop: string): string {
  const [, v6, v4] = WITH_PORT.exec(hop.trim()) ?? [];
  const address = plain(v6 ?? v4 ?? hop);
  return isIP(address) === 0 ? UNKNOWN : address;
}

/** An IPv4 address that came over an IPv6 socket is an IPv4 address. */
const plain = (address: string) => address.trim().replace(/^::ffff:(?=\d+\.)/i, '');

/** What a limit counts as one client: an address, or the /64 that anybody with IPv6 has whole. */
export function addressKey(address: string): string {
  if (isIP(address) !== 6) return address;
  const [head = '', tail] = address.split('%', 1).join('').split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const zeros = tail === undefined ? 0 : 8 - left.length - right.length;
  const groups = [...left, ...Array.from({ length: zeros }, () => '0'), ...right];
  return `${groups
    .slice(0, 4)
    .map((group) => parseInt(group, 16).toString(16))
    .join(':')}::/64`;
}
