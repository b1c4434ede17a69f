import { type Command, type CommandArgs, UsageError } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { askKey, changeVault } from '../vault-access.ts';
import type { Credential } from '../../backends/backend.ts';
import type { Secret } from '../../secret/secret.ts';

export const FIELD_OPTION = {
  field: {
    value: 'NAME',
    multiple: true,
    description: 'a field of the credential; asked for in order. Default: value',
  },
} as const;

/** Asks for the fields of a credential, in order; the last one takes all that is left of a pipe. */
export async function askFields(args: CommandArgs, terminal: Terminal): Promise<Credential> {
  const given = args.values('field');
  const names = given.length === 0 ? ['value'] : given;
  if (new Set(names).size < names.length) throw new UsageError('a field was named twice');
  const fields: [name: string, secret: Secret][] = [];
  for (const [i, name] of names.entries()) {
    const secret = await (i < names.length - 1 ? terminal.ask(name) : terminal.rest(name));
    if (secret.bytes().length === 0) throw new UsageError('a field must not be empty');
    fields.push([name, secret]);
  }
  return Object.fromEntries(fields);
}

export const add: Command<Terminal> = {
  name: 'add',
  summary: 'puts a new credential into a vault',
  args: 'VAULT NAME',
  arity: [2, 2],
  options: FIELD_OPTION,
  about:
    'Asks for each field; what is typed is not shown. A reference vault://NAME means the whole credential,\n' +
    'vault://NAME#FIELD one field of it. A name that there is already is left alone: see rotate.',
  examples: [
    [
      'holdfast-vault add secrets.vault prod/orders-db --field username --field password',
      'add two fields, typed one after the other',
    ],
    [
      'holdfast-vault add secrets.vault deploy-key --passphrase-file vault.pass < id_ed25519',
      'add a file; the passphrase comes from another',
    ],
  ],
  async run(args, terminal) {
    const [file = '', name = ''] = args.positionals;
    const by = await askKey(args, terminal);
    const credential = await askFields(args, terminal);
    const vault = await changeVault(file, by, (before) => {
      if (before.has(name)) throw new UsageError('there is a credential of that name; rotate replaces it');
      return before.with(name, credential);
    });
    if (args.has('json')) terminal.json({ name, version: 1, revision: vault.revision });
    else terminal.line(`added  ${name}`);
  },
};
