import { Secret } from '../../secret/secret.ts';
import type { Backend, BackendLease, Credential } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import { ConnectClient } from './connect-client.ts';
import { fieldName, fieldValue, isOtp } from './field-value.ts';
import { checkedId, findItem, findVault, isId, type Naming } from './find-item.ts';
import { readItem, type Item } from './item.ts';
import { itemCredential } from './item-credential.ts';
import {
  readOnePasswordConnectOptions,
  type OnePasswordConnectOptions,
  type OnePasswordConnectSettings,
} from './options.ts';
import { pickField, pickFile } from './pick-field.ts';
import { parseSecretReference, type SecretReference } from './secret-reference.ts';

/**
 * Reads credentials from a 1Password Connect server. A reference is `op://vault/item/[section/]field?attribute=otp`, each
 * part a name, exactly as it is spelled in 1Password, or an id; without a field it means the whole item.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { Secret } from '@holdfast/credential-broker';
 * import { onePasswordConnect } from '@holdfast/credential-broker/backends';
 *
 * const token = new Secret(process.env['OP_CONNECT_TOKEN'] ?? '');
 * const backends = { op: onePasswordConnect({ url: 'http://localhost:8080', token }) };
 * ```
 */
export function onePasswordConnect(options: OnePasswordConnectOptions): Backend {
  const settings = readOnePasswordConnectOptions(options);
  const client = new ConnectClient(settings);

  async function open(path: string, signal: AbortSignal) {
    signal.throwIfAborted();
    const { ids } = settings;
    const reference = { ...parseSecretReference(path), ids };
    const vault =
      knownVault(settings, reference.vault) ?? (await findVault(client, reference.vault, { ids }, signal));
    const id = await findItem(client, vault, reference.item, { ids }, signal);
    const place = `/v1/vaults/${vault}/items/${id}`;
    return { reference, place, item: readItem(await client.json(place, signal)) };
  }

  return {
    kind: '1password-connect',
    keepsSecrets: true,
    quota: settings.quota,
    async inspect({ path }, signal) {
      const { reference, item } = await open(path, signal);
      if (reference.field === undefined) return {};
      const field = pickField(item, reference);
      if (field !== undefined) fieldValue(field, reference);
      else if (pickFile(item, reference) === undefined) throw noField();
      return {};
    },
    async issue({ path }, signal): Promise<BackendLease> {
      const { reference, place, item } = await open(path, signal);
      const credential =
        reference.field === undefined
          ? itemCredential(item)
          : await oneField(client, place, item, reference, signal);
      return holdsCode(item, reference) ? { credential, fleeting: true } : { credential };
    },
    async health(signal) {
      await client.bytes('/heartbeat', signal);
    },
  };
}

const noField = () => new BackendError('not-found', 'the item has no such field');

/** Whether a one-time password is given, which is good for seconds and at most once. */
function holdsCode({ fields }: Item, { field, attribute }: SecretReference): boolean {
  return attribute === 'otp' || (field === undefined && fields.some(isOtp));
}

/** The id of a vault that the options name; nothing where they name none at all. */
function knownVault({ vaults, ids }: OnePasswordConnectSettings, name: string): string | undefined {
  if (vaults === undefined) return undefined;
  const known = Object.entries(vaults).find(
    ([each, id]) => each === name || (ids && isId(name) && id === name),
  );
  if (known === undefined) throw new BackendError('not-found', 'there is no vault of that name');
  return known[1];
}

async function oneField(
  client: ConnectClient,
  place: string,
  item: Item,
  reference: SecretReference & Naming,
  signal: AbortSignal,
): Promise<Credential> {
  const field = pickField(item, reference);
  if (field !== undefined) return { [fieldName(field)]: new Secret(fieldValue(field, reference)) };
  const file = pickFile(item, reference);
  if (file === undefined) throw noField();
  const content = await client.bytes(`${place}/files/${checkedId(file.id)}/content`, signal);
  return { [file.name || file.id]: new Secret(content) };
}
