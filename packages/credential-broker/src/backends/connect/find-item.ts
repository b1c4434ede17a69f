import { BackendError } from '../backend-error.ts';
import type { ConnectClient } from './connect-client.ts';
import { readNamed } from './item.ts';
import { pickNamed } from './pick-named.ts';

/** What 1Password calls things by. */
const ID = /^[a-z0-9]{26}$/;

/** Whether a part of a reference is an id. */
export const isId = (part: string): boolean => ID.test(part);

/**
 * Takes an id of an answer, which goes into the path of the next request.
 *
 * @throws {@link BackendError} `invalid`, when it is none
 */
export function checkedId(id: string): string {
  if (isId(id)) return id;
  throw new BackendError('invalid', 'the Connect server answered something that is not an id');
}

/** A filter of SCIM (RFC 7644, 3.4.2.2), whose strings are those of JSON. */
const equals = (attribute: string, value: string) => `${attribute} eq ${JSON.stringify(value)}`;

/** How references name things: whether by their ids as well. */
export interface Naming {
  readonly ids: boolean;
}

/** Finds the id of what a list holds under a name. */
async function idOf(
  client: ConnectClient,
  kind: 'vault' | 'item',
  place: { readonly path: string; readonly attribute: string },
  name: string,
  { ids }: Naming,
  signal: AbortSignal,
): Promise<string> {
  if (ids && isId(name)) return name;
  const list = readNamed(await client.json(place.path, signal, equals(place.attribute, name)));
  return checkedId(pickNamed(kind, name, list, (each) => each.name).id);
}

/** Finds a vault by name or id. */
export const findVault = (
  client: ConnectClient,
  name: string,
  naming: Naming,
  signal: AbortSignal,
): Promise<string> => idOf(client, 'vault', { path: '/v1/vaults', attribute: 'name' }, name, naming, signal);

/** Finds an item by title or id. */
export const findItem = (
  client: ConnectClient,
  vault: string,
  title: string,
  naming: Naming,
  signal: AbortSignal,
): Promise<string> =>
  idOf(client, 'item', { path: `/v1/vaults/${vault}/items`, attribute: 'title' }, title, naming, signal);
