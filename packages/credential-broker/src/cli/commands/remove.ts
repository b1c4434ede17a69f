import type { Command } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { askKey, changeVault } from '../vault-access.ts';

export const remove: Command<Terminal> = {
  name: 'remove',
  summary: 'takes a credential out of a vault',
  args: 'VAULT NAME',
  arity: [2, 2],
  options: {},
  about: 'Copies of the file that were made before still have it.',
  examples: [['holdfast-vault remove secrets.vault prod/orders-db', 'remove a credential']],
  async run(args, terminal) {
    const [file = '', name = ''] = args.positionals;
    const vault = await changeVault(file, await askKey(args, terminal), (before) => before.without(name));
    if (args.has('json')) terminal.json({ name, revision: vault.revision });
    else terminal.line(`removed  ${name}`);
  },
};
