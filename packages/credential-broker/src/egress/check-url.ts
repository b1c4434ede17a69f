import { isIP } from 'node:net';
import { addressClass } from './address-class.ts';
import { EgressError } from './egress-error.ts';
import type { EgressSettings } from './options.ts';

const MAX_URL = 8192;
const DEFAULT_PORTS: Readonly<Record<string, number>> = { 'https:': 443, 'http:': 80 };
/** Names that mean this machine or its network wherever they are asked for (RFC 6761, RFC 6762, RFC 8375, ICANN). */
const LOCAL = /(^|\.)(localhost|local|internal|home\.arpa|onion|invalid|test)$/;

/** A URL that a request may go to, as far as one can tell before its host is resolved. */
export interface Target {
  readonly url: URL;
  /** The host without brackets and without a final dot. */
  readonly host: string;
}

/**
 * Reads a URL as a browser does (WHATWG URL), which turns every spelling of an address into one, and checks what can be
 * checked before its host is resolved.
 *
 * @throws {@link EgressError} when nothing may be sent there
 */
export function checkUrl(input: string | URL, settings: EgressSettings): Target {
  const url = parse(input);
  if (url.username !== '' || url.password !== '')
    throw new EgressError('url', 'a URL must not hold a user or a password');
  const isAllowed = url.protocol === 'https:' || (url.protocol === 'http:' && settings.allowHttp);
  if (!isAllowed) throw new EgressError('protocol', `${url.protocol} is not allowed`);
  const port = url.port === '' ? DEFAULT_PORTS[url.protocol] : Number(url.port);
  if (port === undefined || !settings.ports.includes(port))
    throw new EgressError('port', `port ${port} is not allowed`);
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
  if (isIP(host) !== 0) checkAddresses(host, [host], settings);
  else if (host === '' || (LOCAL.test(host) && settings.allowed.length === 0))
    throw new EgressError('address', `the host ${host} is not public`);
  url.hash = '';
  return { url, host };
}

function parse(input: string | URL): URL {
  const text = String(input);
  if (text.length > MAX_URL) throw new EgressError('url', `a URL must have at most ${MAX_URL} characters`);
  if (!URL.canParse(text)) throw new EgressError('url', 'the URL cannot be read');
  return new URL(text);
}

/**
 * Checks every address of a host: one bad one is enough, for which of them is used is not ours to choose.
 *
 * @throws {@link EgressError} when there is none, or one that nothing may be sent to
 */
export function checkAddresses(
  host: string,
  addresses: readonly string[],
  { allowed }: Pick<EgressSettings, 'allowed'>,
): void {
  if (addresses.length === 0) throw new EgressError('unresolved', `the host ${host} has no address`);
  for (const address of addresses) {
    const found = addressClass(address, allowed);
    if (found !== undefined) throw new EgressError('address', `the host ${host} is not public (${found})`);
  }
}
