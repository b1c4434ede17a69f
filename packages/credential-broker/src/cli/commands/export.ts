import type { Command } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { askKey, askNewKey, createVault, openVault } from '../vault-access.ts';

export const exportVault: Command<Terminal> = {
  name: 'export',
  summary: 'writes all credentials to another vault, under a key of its own',
  args: 'VAULT TO',
  arity: [2, 2],
  options: {
    'new-passphrase-file': { value: 'FILE', description: 'the passphrase of the other vault' },
    'new-key-file': { value: 'FILE', description: 'the key of the other vault' },
  },
  about: 'For a backup, or to hand over. What is written is encrypted; there is no export in clear.',
  examples: [['holdfast-vault export secrets.vault backup.vault', 'make a backup with another passphrase']],
  async run(args, terminal) {
    const [file = '', to = ''] = args.positionals;
    const vault = await openVault(file, await askKey(args, terminal));
    await createVault(to, await vault.rekeyed(await askNewKey(args, terminal, 'new-')));
    const credentials = vault.list().length;
    if (args.has('json')) terminal.json({ vault: to, credentials });
    else terminal.line(`exported  ${credentials} to ${to}`);
  },
};
