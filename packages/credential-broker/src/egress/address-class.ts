import { isIP } from 'node:net';
import ipaddr from 'ipaddr.js';

/** Addresses at which clouds tell their machines secrets. Never allowed, not even as part of an allowed network. */
const METADATA: readonly string[] = [
  '169.254.169.254',
  '169.254.170.2',
  '169.254.170.23',
  '169.254.42.42',
  '100.100.100.200',
  '168.63.129.16',
  '192.0.0.192',
  'fd00:ec2::254',
  'fd00:ec2::23',
  'fd20:ce::254',
  'fd00:42::42',
];

/** What IANA has given out as global unicast (RFC 4291, section 2.4); all else of IPv6 is reserved. */
const GLOBAL_UNICAST = ipaddr.IPv6.parseCIDR('2000::/3');

/** A network: an address and how many of its bits count. */
export type Network = ReturnType<typeof ipaddr.parseCIDR>;

/**
 * Reads a network.
 *
 * @param text - an address or a range in CIDR notation, `10.1.0.0/16`, the address in full
 * @returns `undefined` when it is neither
 */
export function parseNetwork(text: string): Network | undefined {
  const [first = ''] = text.split('/');
  if (!isAddress(first)) return undefined;
  if (ipaddr.isValidCIDR(text)) return ipaddr.parseCIDR(text);
  if (first !== text) return undefined;
  const address = ipaddr.parse(text);
  return [address, address.kind() === 'ipv4' ? 32 : 128] as Network;
}

/**
 * Why nothing must be sent to an address, by the IANA registries of special-purpose addresses (RFC 6890): the name of
 * the range it is in. Nothing for a public address, or for one in a network that is allowed.
 *
 * @param address - as the resolver gave it
 * @param allowed - networks that are fine although they are not public
 */
export function addressClass(address: string, allowed: readonly Network[]): string | undefined {
  if (!isAddress(address)) return 'no address';
  const parsed = ipaddr.parse(address);
  const plain = embedded(parsed);
  if (METADATA.includes(plain.toString())) return 'metadata';
  const translated = behind(parsed);
  const found = translated && addressClass(translated, allowed);
  if (found !== undefined) return found;
  if (allowed.some((network) => isIn(plain, network))) return undefined;
  if (plain !== parsed) return `${parsed.range()} ${plain.range()}`;
  const range = parsed.range();
  if (range !== 'unicast') return range;
  return parsed.kind() === 'ipv6' && !parsed.match(GLOBAL_UNICAST) ? 'reserved' : undefined;
}

/**
 * Whether a text is an address, spelled in full: to ipaddr.js, `10/8` is 0.0.0.0/8, and `010.0.0.0` octal. A zone names
 * an interface of this machine: nothing public has one.
 */
const isAddress = (text: string) => isIP(text) !== 0 && !text.includes('%');

type Address = ReturnType<typeof ipaddr.parse>;

/** The IPv4 address that an IPv6 one stands for, where the machine would send it there itself. */
function embedded(address: Address): Address {
  return address instanceof ipaddr.IPv6 && address.isIPv4MappedAddress() ? address.toIPv4Address() : address;
}

/** The ranges whose addresses are translated or tunnelled to IPv4, and where in them the IPv4 address stands. */
const TO_IPV4 = [
  ['64:ff9b::/96', 12],
  ['64:ff9b:1::/48', 12],
  ['::ffff:0:0:0/96', 12],
  ['2002::/16', 2],
].map(([range, at]) => [ipaddr.IPv6.parseCIDR(String(range)), Number(at)] as const);

/** The IPv4 address that something on the way makes of an IPv6 one. */
function behind(address: Address): string | undefined {
  if (!(address instanceof ipaddr.IPv6)) return undefined;
  const [, at] = TO_IPV4.find(([range]) => address.match(range)) ?? [];
  return at === undefined
    ? undefined
    : address
        .toByteArray()
        .slice(at, at + 4)
        .join('.');
}

const isIn = (address: Address, network: Network) =>
  address.kind() === network[0].kind() && address.match(network);
