import { type Command, UsageError } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { askKey, changeVault, openVault } from '../vault-access.ts';

export const importVault: Command<Terminal> = {
  name: 'import',
  summary: 'takes over the credentials of another vault',
  args: 'VAULT FROM',
  arity: [2, 2],
  options: {
    replace: { description: 'replace credentials that have the same name' },
    'other-passphrase-file': { value: 'FILE', description: 'the passphrase of the other vault' },
    'other-key-file': { value: 'FILE', description: 'the key of the other vault' },
  },
  about: 'All of them, or none where a name is there already: --replace takes those of the other vault.',
  examples: [['holdfast-vault import secrets.vault backup.vault', 'take over a backup']],
  async run(args, terminal) {
    const [file = '', from = ''] = args.positionals;
    const by = await askKey(args, terminal);
    const other = await openVault(from, await askKey(args, terminal, 'other-'));
    const names = other.list().map(({ name }) => name);
    await changeVault(file, by, (before) => {
      if (!args.has('replace') && names.some((name) => before.has(name))) {
        throw new UsageError('a credential of the same name is there already; --replace takes the new one');
      }
      return names.reduce((vault, name) => vault.with(name, other.read(name)), before);
    });
    if (args.has('json')) terminal.json({ vault: file, credentials: names.length });
    else terminal.line(`imported  ${names.length} from ${from}`);
  },
};
