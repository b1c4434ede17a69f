import { createHash } from 'node:crypto';
import type { IncomingMessage, ServerResponse } from 'node:http';
import path from 'node:path';
import { having, readOptions, systemClock, type, type Clock, type Rules } from '@holdfast/pipeline';
import type { AuditFiles } from '../files/audit-files.ts';
import { diskFiles } from '../files/disk-files.ts';
import { verifyConsistency } from '../merkle/verify-consistency.ts';
import { emptyRoot } from '../merkle/hash.ts';
import { parseCheckpoint, type Checkpoint } from '../note/checkpoint.ts';
import { keyNameRule } from '../note/key-name.ts';
import { NoteError } from '../note/note-error.ts';
import { parseNote, signatureLine } from '../note/note.ts';
import type { Signer } from '../note/signer.ts';
import { parseAddCheckpoint, SIZE_TYPE } from './add-checkpoint.ts';
import { cosigner } from './cosigner.ts';
import { keysFor, openCheckpoint } from './open-checkpoint.ts';
import type { WitnessPolicy } from './witness-policy.ts';

/** Options of {@link createWitness}. */
export interface CreateWitnessOptions {
  /** What the witness is called, such as `witness.example/w1`. */
  readonly name: string;
  /** Its key; no other witness may have the same. */
  readonly signer: Signer;
  /** Where it remembers the last checkpoint of each log; made when it is missing. */
  readonly dir: string;
  /** The logs that it watches: those of the policy, and the trees of their tenants. */
  readonly policy: WitnessPolicy;
  /** The file system. Default the machine's. */
  readonly files?: AuditFiles | undefined;
  /** The source of the time that cosignatures state. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** An answer of a witness. */
export interface WitnessAnswer {
  readonly status: number;
  readonly type: string;
  readonly body: string;
}

/** A witness: cosigns what only grows, and remembers how far it has vouched. */
export interface Witness {
  /** Answers the body of an add-checkpoint request. */
  addCheckpoint(body: string): Promise<WitnessAnswer>;
  /** Serves `POST …/add-checkpoint` in a server of `node:http`. */
  readonly handle: (request: IncomingMessage, response: ServerResponse) => void;
}

const defaults = { files: diskFiles, clock: systemClock };

const rules: Rules<CreateWitnessOptions> = {
  name: keyNameRule,
  signer: having('sign'),
  dir: type('string'),
  policy: type('object'),
  files: having('create', 'read', 'rename', 'sync'),
  clock: having('wallNow'),
};

const MAX_REQUEST_BYTES = 64 * 1024;

const plain = (status: number, body: string): WitnessAnswer => ({
  status,
  type: 'text/plain',
  body: `${body}\n`,
});

class FileWitness implements Witness {
  private readonly options: CreateWitnessOptions & { readonly files: AuditFiles; readonly clock: Clock };
  private readonly files: AuditFiles;
  /** The submission of each log that is being answered: looking at the last checkpoint and replacing it is one step. */
  private readonly turns = new Map<string, Promise<unknown>>();

  constructor(options: CreateWitnessOptions) {
    const settings = readOptions('createWitness', options, rules, defaults);
    for (const name of ['name', 'signer', 'dir', 'policy'] as const) {
      if (settings[name] === undefined) throw new TypeError(`createWitness: ${name} is required`);
    }
    this.options = settings;
    this.files = settings.files;
  }

  async addCheckpoint(body: string): Promise<WitnessAnswer> {
    const request = parseAddCheckpoint(body);
    if (request === undefined) return plain(400, 'malformed request');
    try {
      const { origin } = parseCheckpoint(parseNote(request.checkpoint).text);
      if (keysFor(origin, this.options.policy).length === 0) return plain(404, 'unknown log');
      const next = openCheckpoint(request.checkpoint, { ...this.options.policy, witnesses: [] });
      return await this.inTurn(origin, () =>
        this.judge(request.oldSize, request.proof, next, request.checkpoint),
      );
    } catch (error) {
      if (!(error instanceof NoteError)) throw error;
      return error.fault === 'malformed' ? plain(400, error.message) : plain(403, error.message);
    }
  }

  readonly handle = (request: IncomingMessage, response: ServerResponse): void => {
    this.answer(request).then(
      ({ status, type, body }) => response.writeHead(status, { 'content-type': type }).end(body),
      () => response.writeHead(500).end(),
    );
  };

  private async answer(request: IncomingMessage): Promise<WitnessAnswer> {
    if (!request.url?.endsWith('/add-checkpoint')) return plain(404, 'not found');
    if (request.method !== 'POST') return plain(405, 'only POST');
    const chunks: Buffer[] = [];
    let length = 0;
    for await (const chunk of request) {
      length += (chunk as Buffer).length;
      if (length > MAX_REQUEST_BYTES) return plain(413, 'too long');
      chunks.push(chunk as Buffer);
    }
    return this.addCheckpoint(Buffer.concat(chunks).toString());
  }

  private inTurn<T>(origin: string, work: () => Promise<T>): Promise<T> {
    const turn = (this.turns.get(origin) ?? Promise.resolve()).then(work, work);
    this.turns.set(origin, turn);
    return turn;
  }

  private async judge(
    oldSize: number,
    proof: readonly Uint8Array[],
    next: Checkpoint,
    note: string,
  ): Promise<WitnessAnswer> {
    if (oldSize > next.size) return plain(400, 'the old size is larger than the checkpoint');
    const last = await this.last(next.origin);
    if (oldSize !== last.size) return { status: 409, type: SIZE_TYPE, body: `${last.size}\n` };
    if (last.size === next.size && Buffer.compare(last.root, next.root) !== 0) {
      return { status: 409, type: SIZE_TYPE, body: `${last.size}\n` };
    }
    const claim = { first: last.size, second: next.size, firstRoot: last.root, secondRoot: next.root, proof };
    if (!verifyConsistency(claim)) return plain(422, 'the proof does not hold');
    return this.cosign(next.origin, note);
  }

  private async cosign(origin: string, note: string): Promise<WitnessAnswer> {
    const { name, signer, clock } = this.options;
    await this.persist(this.fileOf(origin), Buffer.from(note));
    const key = cosigner(name, signer, clock);
    const signature = await key.sign(Buffer.from(parseNote(note).text));
    return { status: 200, type: 'text/plain', body: signatureLine({ name, keyId: key.keyId, signature }) };
  }

  // On the disk before the answer leaves: a witness that forgets could be shown another history.
  private async persist(file: string, bytes: Uint8Array): Promise<void> {
    const draft = `${file}.draft`;
    await this.files.makeFolder(this.options.dir);
    await this.files.remove(draft);
    const drafted = await this.files.create(draft);
    try {
      await drafted.write(bytes, bytes.length);
      await drafted.sync();
    } finally {
      await drafted.close();
    }
    await this.files.rename(draft, file);
    await this.files.sync(this.options.dir);
  }

  private async last(origin: string): Promise<Pick<Checkpoint, 'size' | 'root'>> {
    const bytes = await this.files.read(this.fileOf(origin));
    if (bytes === undefined) return { size: 0, root: emptyRoot() };
    return parseCheckpoint(parseNote(Buffer.from(bytes).toString()).text);
  }

  private fileOf(origin: string): string {
    return path.join(this.options.dir, createHash('sha256').update(origin).digest('hex'));
  }
}

/**
 * Makes a witness (C2SP tlog-witness): it cosigns a checkpoint when the log signed it and only grew since the last one,
 * which it remembers on disk before it answers. Run it where those who run the log have no access.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { createServer } from 'node:http';
 * import { createWitness, trustLog, type Signer } from '@holdfast/audit';
 *
 * function serve(signer: Signer, vkeyOfLog: string) {
 *   const policy = trustLog(vkeyOfLog);
 *   const witness = createWitness({ name: 'witness.example/w1', signer, dir: '/var/lib/witness', policy });
 *   return createServer(witness.handle).listen(8099, '127.0.0.1');
 * }
 * ```
 */
export function createWitness(options: CreateWitnessOptions): Witness {
  return new FileWitness(options);
}
