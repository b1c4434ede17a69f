import { isUtf8 } from 'node:buffer';
import { type Command, UsageError } from '@holdfast/pipeline/cli';
import type { Secret } from '../../secret/secret.ts';
import type { Terminal } from '../terminal.ts';
import { askKey, openVault } from '../vault-access.ts';

export const show: Command<Terminal> = {
  name: 'show',
  summary: 'shows the fields of a credential; what is in them only when asked',
  args: 'VAULT NAME',
  arity: [2, 2],
  options: {
    reveal: { description: 'print the secrets in clear' },
    field: { value: 'NAME', description: 'only this field; with --reveal nothing but what is in it' },
  },
  about:
    'Prints the names of the fields and how long they are. With --reveal the secrets go to stdout: mind who looks.',
  examples: [
    ['holdfast-vault show secrets.vault prod/orders-db', 'see which fields there are'],
    [
      'holdfast-vault show secrets.vault prod/orders-db --field password --reveal | wl-copy',
      'put a password into the clipboard',
    ],
  ],
  async run(args, terminal) {
    const [file = '', name = ''] = args.positionals;
    const [reveal, only] = [args.has('reveal'), args.value('field')];
    const credential = (await openVault(file, await askKey(args, terminal))).read(name);
    const fields = Object.entries(credential).filter(([field]) => only === undefined || field === only);
    if (fields.length === 0) throw new UsageError('the credential has no such field');
    const shown = fields.map(([field, secret]) => ({
      field,
      bytes: secret.bytes().length,
      ...(reveal && valueOf(secret)),
    }));
    if (args.has('json')) return terminal.json({ name, fields: shown });
    const binary = shown.find(({ base64 }) => base64 !== undefined);
    if (binary) throw new UsageError(`${binary.field} is no text; --json shows it in base64`);
    for (const { field, bytes, value } of shown) {
      if (value === undefined) terminal.line(`${field}  ${bytes} bytes`);
      else terminal.line(only === undefined ? `${terminal.bold(field)}  ${value}` : value);
    }
  },
};

/** What is in a field: text, or other bytes. */
function valueOf(secret: Secret): { readonly value?: string; readonly base64?: string } {
  const bytes = Buffer.from(secret.bytes());
  return isUtf8(bytes) ? { value: secret.reveal() } : { base64: bytes.toString('base64') };
}
