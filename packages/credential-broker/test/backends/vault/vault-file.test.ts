import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import path from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { Vault } from '../../../src/backends/vault/vault.ts';
import { changeVaultFile, readVaultFile, vaultFileState } from '../../../src/backends/vault/vault-file.ts';
import { aKey, tempFolder, vaultFixture } from './vault-rig.ts';

const source = (name: string) => path.join(import.meta.dirname, '../../../src/backends/vault', name);

function startNode(script: string, ...args: string[]) {
  const child = spawn(
    process.execPath,
    ['--conditions=@holdfast/source', '--no-warnings', '--input-type=module', '-e', script, ...args],
    { stdio: ['ignore', 'pipe', 'inherit'] },
  );
  onTestFinished(() => void child.kill('SIGKILL'));
  return child;
}

describe('the file of a vault', () => {
  it('is nobody else’s to read', async () => {
    const { file } = await vaultFixture();
    expect(statSync(file).mode & 0o777).toBe(0o600);
    for (const mode of [0o640, 0o604, 0o660, 0o601]) {
      chmodSync(file, mode);
      await expect(readVaultFile(file)).rejects.toMatchObject({
        failure: 'denied',
        message: `the vault has the mode 0${mode.toString(8)}: run chmod 600, and change its key`,
      });
    }
    await expect(changeVaultFile(file, async () => 'x')).rejects.toMatchObject({ failure: 'denied' });
  });

  it('is a file, and there', async () => {
    const dir = tempFolder();
    const link = path.join(dir, 'link');
    symlinkSync('/dev/zero', link);
    for (const file of [link, path.join(dir, 'nothing'), dir]) {
      await expect(readVaultFile(file)).rejects.toMatchObject({ name: 'BackendError' });
    }
    await expect(changeVaultFile(path.join(dir, 'no/folder'), async () => 'x')).rejects.toMatchObject({
      failure: 'unavailable',
    });
  });

  it('is no pipe, for whose writer one would wait', async () => {
    const pipe = path.join(tempFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    // Whoever waits for a writer gets one in the end.
    onTestFinished(() => closeSync(openSync(pipe, 'r+')));
    for (const read of [readVaultFile, vaultFileState]) {
      await expect(read(pipe)).rejects.toMatchObject({
        failure: 'unavailable',
        message: 'what is at this place is no file',
      });
    }
  });

  it('does not become too large to be read', async () => {
    const { file } = await vaultFixture();
    const before = readFileSync(file, 'utf8');
    const large = 'é'.repeat(33 * 1_048_576);
    await expect(changeVaultFile(file, async () => large)).rejects.toMatchObject({ failure: 'invalid' });
    expect(readFileSync(file, 'utf8')).toBe(before);
  });

  it('is not too large', async () => {
    const file = path.join(tempFolder(), 'large');
    writeFileSync(file, '', { mode: 0o600 });
    truncateSync(file, 65 * 1_048_576);
    await expect(readVaultFile(file)).rejects.toMatchObject({ failure: 'invalid' });
  });

  it('stays as it was where a change fails', async () => {
    const { file } = await vaultFixture();
    const before = readFileSync(file, 'utf8');
    await expect(changeVaultFile(file, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(readFileSync(file, 'utf8')).toBe(before);
    await changeVaultFile(file, async (found) => `${found}!`);
    expect(readFileSync(file, 'utf8')).toBe(`${before}!`);
  });

  it('is changed by one at a time', async () => {
    const { file } = await vaultFixture();
    await changeVaultFile(file, async (before = '') => {
      await expect(changeVaultFile(file, async () => 'x')).rejects.toMatchObject({
        failure: 'unavailable',
        message: 'somebody else is changing the vault',
      });
      return before;
    });
    await changeVaultFile(file, async (before = '') => before);
  });

  it('is locked for other processes also where this one tries once more', async () => {
    const { file } = await vaultFixture();
    await changeVaultFile(file, async (before = '') => {
      await expect(changeVaultFile(file, async () => 'x')).rejects.toMatchObject({ failure: 'unavailable' });
      const child = startNode(
        `import { lockVault } from ${JSON.stringify(source('vault-lock.ts'))};
         try { lockVault(process.argv[1]); console.log('locked'); } catch (error) { console.log(error.message); }`,
        file,
      );
      const [said] = (await once(child.stdout, 'data')) as [Buffer];
      expect(said.toString()).toBe('somebody else is changing the vault\n');
      return before;
    });
  });

  it('says why it cannot be locked', async () => {
    const { file } = await vaultFixture();
    rmSync(`${file}.lock`);
    mkdirSync(`${file}.lock`);
    await expect(changeVaultFile(file, async () => 'x')).rejects.toMatchObject({
      failure: 'unavailable',
      message: expect.stringMatching(/^the lock of the vault failed: \w+/) as unknown,
    });
  });

  it('is not kept from others by a process that was killed', async () => {
    const { file } = await vaultFixture();
    const child = startNode(
      `import { lockVault } from ${JSON.stringify(source('vault-lock.ts'))};
       // Garbage would be collected, and the lock with it.
       globalThis.lock = lockVault(process.argv[1]);
       console.log('locked');
       setInterval(() => {}, 1_000);`,
      file,
    );
    await once(child.stdout, 'data');
    await expect(changeVaultFile(file, async () => 'x')).rejects.toMatchObject({ failure: 'unavailable' });
    child.kill('SIGKILL');
    await once(child, 'exit');
    await changeVaultFile(file, async (before = '') => before);
  });

  it('is the old one or the new one wherever a writer is killed', async () => {
    const { file, vault } = await vaultFixture();
    let revision = vault.revision;
    for (let kill = 0; kill < 4; kill++) {
      const child = startNode(
        `import { Secret } from '@holdfast/credential-broker';
         import { Vault } from ${JSON.stringify(source('vault.ts'))};
         import { changeVaultFile } from ${JSON.stringify(source('vault-file.ts'))};
         const by = { key: new Secret(Buffer.alloc(32, 7)) };
         const value = new Secret('x'.repeat(60_000));
         for (let i = 0; ; i++) {
           await changeVaultFile(process.argv[1], async (text) =>
             (await Vault.open(text, by)).with('name-' + (i % 20), { value }).encode());
           console.log(i);
         }`,
        file,
      );
      // A different number of writes each time, and any moment of the one after them.
      for (let i = 0; i <= kill; i++) await once(child.stdout, 'data');
      child.kill('SIGKILL');
      await once(child, 'exit');
      const found = await Vault.open(await readVaultFile(file), aKey());
      expect(found.revision).toBeGreaterThan(revision);
      ({ revision } = found);
    }
    await changeVaultFile(file, async (before = '') => before);
    expect(existsSync(`${file}.new`)).toBe(false);
    expect(readdirSync(path.dirname(file)).sort()).toEqual(['secrets.vault', 'secrets.vault.lock']);
  });
});
