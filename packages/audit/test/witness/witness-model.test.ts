import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import {
  consistencyProof,
  createWitness,
  generateSigner,
  leafHash,
  parseCheckpoint,
  parseNote,
  rootOf,
  formatCheckpoint,
  noteSigner,
  signNote,
  trustLog,
  vkeyOf,
  type HashReader,
  type Witness,
} from '@holdfast/audit';
import { naiveTree } from './naive-tree.ts';
import { memoryFiles } from './rig.ts';

const ORIGIN = 'audit.example/test';
const MAX_SIZE = 24;
const signer = generateSigner();
const policy = trustLog(vkeyOf(ORIGIN, signer));

/** A history of the log: `trunk` entries that all share, and then its own. */
interface History {
  readonly name: string;
  readonly reader: HashReader;
}

function history(name: string, trunk: number): History {
  const leaves = Array.from({ length: MAX_SIZE }, (_, i) =>
    leafHash(Buffer.from(i < trunk ? `entry ${i}` : `${name} ${i}`)),
  );
  return { name, reader: naiveTree(leaves) };
}

const HISTORIES = [history('main', MAX_SIZE), history('fork', 5), history('late fork', 16)];

async function submission({ reader }: History, oldSize: number, size: number): Promise<string> {
  const root = await rootOf(reader, size);
  const note = await signNote(formatCheckpoint({ origin: ORIGIN, size, root }), [noteSigner(ORIGIN, signer)]);
  const proof = oldSize > 0 && oldSize <= size ? await consistencyProof(reader, oldSize, size) : [];
  return [`old ${oldSize}`, ...proof.map((hash) => Buffer.from(hash).toString('base64')), '', note].join(
    '\n',
  );
}

/** What a witness has vouched for: what it must stay true to. */
interface Model {
  size: number;
  root: Buffer;
}

interface Real {
  witness: Witness;
  restart(): void;
}

class Submit implements fc.AsyncCommand<Model, Real> {
  private readonly history: History;
  private readonly claimed: number | 'right';
  private readonly size: number;

  constructor(which: number, claimed: number | 'right', size: number) {
    this.history = HISTORIES[which] ?? history('main', MAX_SIZE);
    this.claimed = claimed;
    this.size = size;
  }

  check = () => true;

  async run(model: Model, { witness }: Real): Promise<void> {
    const oldSize = this.claimed === 'right' ? model.size : this.claimed;
    const body = await submission(this.history, oldSize, this.size);
    const { status, body: answer } = await witness.addCheckpoint(body);
    const root = Buffer.from(await rootOf(this.history.reader, this.size));
    const before = Buffer.from(await rootOf(this.history.reader, Math.min(model.size, MAX_SIZE)));
    const consistent = model.size <= this.size && before.equals(model.root);
    if (oldSize > this.size) expect(status).toBe(400);
    else if (oldSize !== model.size) expect([status, answer]).toEqual([409, `${model.size}\n`]);
    else if (!consistent) expect([409, 422]).toContain(status);
    else expect(status).toBe(200);
    if (status === 200) Object.assign(model, { size: this.size, root });
  }

  toString = () => `submit ${this.history.name} of ${this.size}, from ${this.claimed}`;
}

class Restart implements fc.AsyncCommand<Model, Real> {
  check = () => true;

  async run(_: Model, real: Real): Promise<void> {
    real.restart();
  }

  toString = () => 'restart';
}

const size = fc.integer({ min: 0, max: MAX_SIZE });
const submit = fc
  .tuple(fc.nat({ max: 2 }), fc.oneof({ weight: 3, arbitrary: fc.constant('right' as const) }, size), size)
  .map(([which, claimed, to]) => new Submit(which, claimed, to));

describe('a witness, whatever it is asked', () => {
  it('never cosigns two trees of which one does not continue the other', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.commands([submit, submit, submit, fc.constant(new Restart())], { maxCommands: 25 }),
        async (commands) => {
          const options = {
            name: 'w.example',
            signer: generateSigner(),
            dir: '/',
            policy,
            files: memoryFiles(),
          };
          const real: Real = {
            witness: createWitness(options),
            restart: () => void (real.witness = createWitness(options)),
          };
          const root = Buffer.from(await rootOf(naiveTree([]), 0));
          await fc.asyncModelRun(() => ({ model: { size: 0, root }, real }), commands);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('remembers exactly what it cosigned last', async () => {
    const files = memoryFiles();
    const witness = createWitness({ name: 'w.example', signer: generateSigner(), dir: '/', policy, files });
    const [main] = HISTORIES;
    if (main === undefined) throw new Error('no history');
    for (const [from, to] of [
      [0, 3],
      [3, 3],
      [3, 17],
    ] as const) {
      const body = await submission(main, from, to);
      expect((await witness.addCheckpoint(body)).status).toBe(200);
      const file = createHash('sha256').update(ORIGIN).digest('hex');
      const kept = Buffer.from((await files.read(`/${file}`)) ?? []).toString();
      expect(body.endsWith(kept)).toBe(true);
      expect(parseCheckpoint(parseNote(kept).text).size).toBe(to);
    }
  });
});
