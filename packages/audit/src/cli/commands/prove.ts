import { type Command, UsageError } from '@holdfast/pipeline/cli';
import type { Terminal } from '../terminal.ts';
import { writeFile } from 'node:fs/promises';
import { checkProof } from '../../proof/check-proof.ts';
import { proveEntry } from '../../proof/prove-entry.ts';
import { EXIT } from '../exit-codes.ts';
import { provenOr } from '../proven-or.ts';
import { findTree, TENANT_OPTION } from '../trees.ts';
import { readTrust, TRUST_OPTIONS } from '../trust.ts';

export const prove: Command<Terminal> = {
  name: 'prove',
  summary: 'write the proof that an entry is in a log',
  args: 'DIR|URL INDEX',
  arity: [2, 2],
  options: {
    tenant: TENANT_OPTION,
    out: { value: 'FILE', description: 'file for the proof; default standard output' },
    entry: {
      value: 'FILE',
      description: 'file for the bytes of the entry, which a check needs beside the proof',
    },
    ...TRUST_OPTIONS,
  },
  about:
    'The proof stands on its own (C2SP tlog-proof): with it, the entry and the verifier key anybody can check offline\n' +
    'that the entry is in the log. It is made with the checkpoint that witnesses cosigned, where that covers the entry.\n' +
    'With --key or --policy the proof is checked before it is written.',
  examples: [
    [
      'holdfast-audit prove /var/lib/audit 17 --tenant acme --out 17.tlog-proof --entry 17.json',
      'prove entry 17 of a tenant',
    ],
    [
      'holdfast-audit prove https://audit.example/logs/acme 17 --key audit.key.pub',
      'from a log that is served',
    ],
  ],
  async run(args, terminal) {
    const [place = '', number = ''] = args.positionals;
    const index = Number(number);
    if (!/^[0-9]+$/.test(number) || !Number.isSafeInteger(index))
      throw new UsageError('INDEX must be a number from 0');
    const trust = await readTrust(args);
    const { source } = await findTree(place, args.value('tenant'));
    return provenOr(terminal, async () => {
      const { entry, proof } = await proveEntry(source, index);
      if (trust !== undefined && entry !== undefined) checkProof(proof, entry, trust);
      await deliver(args.value('entry'), entry, index);
      const out = args.value('out');
      if (args.has('json')) terminal.json({ index, proof, entry: entry && Buffer.from(entry).toString() });
      else if (out === undefined) terminal.line(proof.trimEnd());
      if (out !== undefined) await writeFile(out, proof);
      return EXIT.ok;
    });
  },
};

async function deliver(
  file: string | undefined,
  entry: Uint8Array | undefined,
  index: number,
): Promise<void> {
  if (file === undefined) return;
  if (entry === undefined)
    throw new UsageError(`entry ${index} was pruned; its proof still holds for who has it`);
  await writeFile(file, entry);
}
