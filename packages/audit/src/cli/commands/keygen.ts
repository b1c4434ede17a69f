import { type Command, UsageError } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { writeFile } from 'node:fs/promises';
import { generateKeyPair, signerFrom } from '../../note/key-file.ts';
import { isKeyName } from '../../note/key-name.ts';
import { witnessVkeyOf } from '../../witness/cosigner.ts';
import { EXIT } from '../exit-codes.ts';
import { writePrivateKey } from '../key-files.ts';

export const keygen: Command<Terminal> = {
  name: 'keygen',
  summary: 'make the keys of a log or of a witness',
  args: 'NAME',
  arity: [1, 1],
  options: {
    out: { value: 'FILE', description: 'file for the private key; the verifier key goes to FILE.pub' },
    witness: { description: 'make the key of a witness, which cosigns the checkpoints of others' },
  },
  about:
    'NAME is the origin of the log for all time: a URL without scheme, such as audit.example/prod. The trees of its\n' +
    'tenants are audit.example/prod/<tenant>, and one verifier key serves them all. The private key is written to a new\n' +
    'file with mode 0600 and never shown. Give the verifier key to everybody who is to verify the log.',
  examples: [
    ['holdfast-audit keygen audit.example/prod --out audit.key', 'keys for a log'],
    ['holdfast-audit keygen witness.example/w1 --witness --out w1.key', 'keys for a witness'],
  ],
  async run(args, terminal) {
    const [name = ''] = args.positionals;
    const file = args.value('out');
    if (file === undefined) throw new UsageError('keygen needs --out FILE: private keys are never printed');
    if (!isKeyName(name)) throw new UsageError('NAME must be a text without spaces and plus signs');
    if (name.includes('://')) throw new UsageError('NAME must have no scheme, such as https://');
    const { privateKey, verifierKey } = generateKeyPair(name);
    const { signer } = signerFrom(privateKey);
    const vkey = args.has('witness') ? witnessVkeyOf(name, signer) : verifierKey;
    await writePrivateKey(file, privateKey);
    await writeFile(`${file}.pub`, `${vkey}\n`);
    if (args.has('json'))
      terminal.json({ name, verifierKey: vkey, privateKeyFile: file, verifierKeyFile: `${file}.pub` });
    else {
      terminal.line(vkey);
      terminal.remark(`private key in ${file}, verifier key in ${file}.pub`);
    }
    return EXIT.ok;
  },
};
