import type { Command } from '@holdfast/pipeline/cli';
import { readFile } from 'node:fs/promises';
import { NoteError } from '../../note/note-error.ts';
import { checkProof as check } from '../../proof/check-proof.ts';
import { ProofError } from '../../proof/proof-error.ts';
import { EXIT } from '../exit-codes.ts';
import { counted, type Terminal } from '../terminal.ts';
import { requireTrust, TRUST_OPTIONS } from '../trust.ts';

export const checkProof: Command<Terminal> = {
  name: 'check-proof',
  summary: 'check offline that an entry is in a log',
  args: 'PROOF ENTRY',
  arity: [2, 2],
  options: TRUST_OPTIONS,
  about:
    'PROOF is a proof file (C2SP tlog-proof), ENTRY the bytes of the entry as the log has them; - reads them from\n' +
    'standard input. Nothing else is needed: no log, no network. With a policy the witnesses must have cosigned.',
  examples: [
    [
      'holdfast-audit check-proof 17.tlog-proof 17.json --key audit.key.pub',
      'is this what the log has as entry 17?',
    ],
    [
      'holdfast-audit check-proof 17.tlog-proof 17.json --policy audit.policy',
      'and do the witnesses vouch for it?',
    ],
  ],
  async run(args, terminal) {
    const [proofFile = '', entryFile = ''] = args.positionals;
    const trust = await requireTrust(args);
    const proof = await readFile(proofFile, 'utf8');
    const entry = entryFile === '-' ? await readAll(terminal) : await readFile(entryFile);
    try {
      const { origin, index, size, cosigned } = check(proof, entry, trust);
      if (args.has('json')) terminal.json({ ok: true, origin, index, size, cosigned });
      else {
        const by = cosigned.map(({ name, atMs }) => `${name} (${new Date(atMs).toISOString()})`).join(', ');
        terminal.line(
          `${terminal.style('green', 'holds')}  entry ${index} of ${origin}, which had ${counted(size, 'entry', 'entries')}`,
        );
        if (by !== '') terminal.line(`       cosigned by ${by}`);
      }
      return EXIT.ok;
    } catch (error) {
      if (!(error instanceof ProofError || error instanceof NoteError)) throw error;
      if (args.has('json')) terminal.json({ ok: false, fault: error.fault, message: error.message });
      else terminal.line(`${terminal.style('red', 'broken')} ${error.message}`);
      return EXIT.broken;
    }
  },
};

async function readAll({ stdin }: Terminal): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of stdin) chunks.push(Buffer.from(chunk));
  return Buffer.concat(chunks);
}
