import type { Backend, BackendRequest, Credential } from '../backend.ts';
import { BackendError } from '../backend-error.ts';
import { untilAborted } from '../until-aborted.ts';
import { readFileVaultOptions, type FileVaultOptions } from './options.ts';
import { Vault } from './vault.ts';
import { readVaultFile, vaultFileState } from './vault-file.ts';

/** Reads a vault again when its file is another. */
class FreshVault {
  private readonly file: string;
  private readonly by: Parameters<typeof Vault.open>[1];
  private opened: { readonly state: string; readonly vault: Promise<Vault> } | undefined;

  constructor(options: FileVaultOptions) {
    ({ file: this.file, by: this.by } = readFileVaultOptions('fileVault', options));
  }

  async get(): Promise<Vault> {
    const state = await vaultFileState(this.file);
    if (this.opened?.state === state) return this.opened.vault;
    const vault = readVaultFile(this.file).then((text) => Vault.open(text, this.by));
    const opened = { state, vault };
    this.opened = opened;
    // What failed is tried again, also where the file stays as it is.
    vault.catch(() => {
      if (this.opened === opened) this.opened = undefined;
    });
    return vault;
  }
}

/** The fields that a path means: all of `prod/db`, one of `prod/db#password`. */
function credentialAt(vault: Vault, { path }: BackendRequest): Credential {
  const [name = '', field, ...more] = path.split('#');
  if (more.length > 0) throw new BackendError('invalid', 'the reference is not name#field');
  const credential = vault.read(name);
  if (field === undefined) return credential;
  const value = Object.hasOwn(credential, field) ? credential[field] : undefined;
  for (const secret of Object.values(credential)) if (secret !== value) secret.dispose();
  if (value === undefined) throw new BackendError('not-found', 'the credential has no such field');
  return { [field]: value };
}

/**
 * Reads credentials from an encrypted file, which `holdfast-vault` looks after: `vault://prod/db` is all of a credential,
 * `vault://prod/db#password` one field of it. A change of the file is seen at the next call.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { Secret } from '@holdfast/credential-broker';
 * import { fileVault } from '@holdfast/credential-broker/backends';
 *
 * const passphrase = new Secret(process.env['VAULT_PASSPHRASE'] ?? 'correct horse battery staple');
 * const backends = { vault: fileVault({ file: '/var/lib/broker/secrets.vault', passphrase }) };
 * ```
 */
export function fileVault(options: FileVaultOptions): Backend {
  const fresh = new FreshVault(options);
  return {
    kind: 'file-vault',
    keepsSecrets: true,
    async inspect(request, signal) {
      const credential = credentialAt(await untilAborted(fresh.get(), signal), request);
      for (const secret of Object.values(credential)) secret.dispose();
      return {};
    },
    async issue(request, signal) {
      return { credential: credentialAt(await untilAborted(fresh.get(), signal), request) };
    },
    async health(signal) {
      await untilAborted(fresh.get(), signal);
    },
  };
}
