import type { Command } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { Vault } from '../../backends/vault/vault.ts';
import { askNewKey, createVault } from '../vault-access.ts';

export const init: Command<Terminal> = {
  name: 'init',
  summary: 'makes an empty vault',
  args: 'VAULT',
  arity: [1, 1],
  options: {},
  about:
    'Asks for the passphrase of the new vault. Who loses it loses what is in the vault: nobody can recover it.\n' +
    'A file that is there already is left alone.',
  examples: [
    ['holdfast-vault init secrets.vault', 'make a vault; the passphrase is asked for twice'],
    ['holdfast-vault init secrets.vault --key-file vault.key', 'make one that a key opens, for machines'],
  ],
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    await createVault(file, await Vault.create(await askNewKey(args, terminal)));
    if (args.has('json')) terminal.json({ vault: file, revision: 1 });
    else terminal.line(`made   ${file}`);
  },
};
