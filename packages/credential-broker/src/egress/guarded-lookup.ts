import { isIPv6, type LookupFunction } from 'node:net';
import { checkAddresses } from './check-url.ts';
import { EgressError } from './egress-error.ts';
import type { EgressSettings } from './options.ts';

/**
 * The lookup of a connection that is being made. The addresses that are checked are the ones that are connected to:
 * nobody asks the resolver again in between, so a second answer that differs changes nothing.
 */
export function guardedLookup(settings: EgressSettings): LookupFunction {
  return (hostname, options, callback) => {
    const host = hostname.replace(/\.$/, '');
    checkedAddresses(host, settings).then(
      (addresses) => {
        const all = addresses.map((address) => ({ address, family: isIPv6(address) ? 6 : 4 }));
        const [first] = all;
        if (options.all === true) callback(null, all);
        else callback(null, first?.address ?? '', first?.family);
      },
      (error: unknown) => callback(error as NodeJS.ErrnoException, []),
    );
  };
}

/**
 * Finds the addresses of a host.
 *
 * @throws {@link EgressError} when there is none, or one that nothing may be sent to
 */
export async function checkedAddresses(host: string, settings: EgressSettings): Promise<readonly string[]> {
  const addresses = await settings.resolve(host).catch((cause: unknown) => {
    throw new EgressError('unresolved', `the host ${host} cannot be resolved`, { cause });
  });
  checkAddresses(host, addresses, settings);
  return addresses;
}
