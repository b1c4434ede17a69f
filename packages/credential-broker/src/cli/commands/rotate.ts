import { type Command, type CommandArgs, UsageError } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { askKey, askNewKey, changeVault } from '../vault-access.ts';
import { askFields, FIELD_OPTION } from './add.ts';

/** What is meant for a credential must not change the keys of the vault, nor the other way round. */
function refuseMixture(args: CommandArgs, name: string | undefined): void {
  if (name === undefined && args.has('field')) throw new UsageError('--field needs the name of a credential');
  const newKey = ['new-passphrase-file', 'new-key-file'].find((option) => args.has(option));
  if (name !== undefined && newKey !== undefined) {
    throw new UsageError(`--${newKey} is for the whole vault: leave the name away`);
  }
}

export const rotate: Command<Terminal> = {
  name: 'rotate',
  summary: 'replaces a credential, or the keys of the whole vault',
  args: 'VAULT [NAME]',
  arity: [1, 2],
  options: {
    ...FIELD_OPTION,
    'new-passphrase-file': { value: 'FILE', description: 'the new passphrase of the vault' },
    'new-key-file': { value: 'FILE', description: 'the new key of the vault' },
  },
  about:
    'With a name: asks for fields of that credential and puts them in the place of the old ones; the others stay.\n' +
    'Without: encrypts everything again under new keys. Copies of the old file still open with the old passphrase:\n' +
    'where that was seen by others, the credentials themselves have to be replaced as well.',
  examples: [
    ['holdfast-vault rotate secrets.vault prod/orders-db --field password', 'replace a password'],
    ['holdfast-vault rotate secrets.vault', 'change the passphrase, and every key'],
  ],
  async run(args, terminal) {
    const [file = '', name] = args.positionals;
    refuseMixture(args, name);
    const by = await askKey(args, terminal);
    if (name === undefined) {
      const next = await askNewKey(args, terminal, 'new-');
      const vault = await changeVault(file, by, (before) => before.rekeyed(next));
      if (args.has('json')) return terminal.json({ vault: file, revision: vault.revision });
      return terminal.line(`rotated  the keys of ${file}`);
    }
    const credential = await askFields(args, terminal);
    const vault = await changeVault(file, by, (before) => {
      if (!before.has(name)) throw new UsageError('the vault has no such credential; add makes one');
      return before.with(name, { ...before.read(name), ...credential });
    });
    const version = vault.list().find((each) => each.name === name)?.version;
    if (args.has('json')) terminal.json({ name, version, revision: vault.revision });
    else terminal.line(`rotated  ${name}, version ${version}`);
  },
};
