import { lookup } from 'node:dns/promises';

/** Finds all addresses of a host. */
export type ResolveHost = (hostname: string) => Promise<readonly string[]>;

/** The resolver of the system, which also reads its hosts file. */
export const resolveHost: ResolveHost = async (hostname) => {
  const found = await lookup(hostname, { all: true, verbatim: true });
  return found.map(({ address }) => address);
};
