import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import { Secret } from '@holdfast/credential-broker';
import { Vault } from '../../../src/backends/vault/vault.ts';
import { changeVaultFile } from '../../../src/backends/vault/vault-file.ts';

/** As cheap as it may be. */
export const CHEAP = { N: 2 ** 14, r: 8, p: 1 };

export const aKey = (fill = 7) => ({ key: new Secret(Buffer.alloc(32, fill)) });
export const aPassphrase = (text = 'correct horse') => ({ passphrase: new Secret(text) });

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'vault-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** Puts a vault into a file. */
export const writeVault = (file: string, vault: Vault) => changeVaultFile(file, async () => vault.encode());

/** A vault with two credentials, in a file. */
export async function vaultFixture() {
  const file = path.join(tempFolder(), 'secrets.vault');
  const vault = (await Vault.create(aKey()))
    .with('prod/orders-db', { username: new Secret('orders'), password: new Secret('hunter2') })
    .with('deploy', { value: new Secret(Uint8Array.of(0, 255, 10)) });
  await writeVault(file, vault);
  return { file, vault };
}
