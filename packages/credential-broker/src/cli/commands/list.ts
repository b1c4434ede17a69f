import type { Command } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { askKey, openVault } from '../vault-access.ts';

export const list: Command<Terminal> = {
  name: 'list',
  summary: 'lists the names of all credentials',
  args: 'VAULT',
  arity: [1, 1],
  options: {},
  about: 'Also proves that nothing in the vault was changed, added or removed by somebody without its key.',
  examples: [['holdfast-vault list secrets.vault', 'see what is in a vault']],
  async run(args, terminal) {
    const [file = ''] = args.positionals;
    const vault = await openVault(file, await askKey(args, terminal));
    const records = vault.list();
    if (args.has('json')) return terminal.json({ revision: vault.revision, credentials: records });
    for (const { name, version } of records) terminal.line(`${name}  version ${version}`);
    if (records.length === 0) terminal.remark('the vault is empty');
  },
};
