import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { onTestFinished } from 'vitest';
import {
  consistencyProof,
  createWitness,
  diskFiles,
  generateSigner,
  parsePolicy,
  startWitnessing,
  tileReader,
  trustLog,
  witnessVkeyOf,
  type AppendFile,
  type AuditFiles,
  type Signer,
  type Witness,
  type WitnessedLog,
  type WitnessEvent,
  type Witnessing,
  type WitnessingOptions,
} from '@holdfast/audit';
import { manualClock, seededRandom, type ManualClock } from '@holdfast/pipeline/testing';
import { buildLog, type LogFixture } from '../log-fixture.ts';

/** A folder that is gone after the test. */
export function tempFolder(): string {
  const dir = mkdtempSync(path.join(tmpdir(), 'audit-witness-'));
  onTestFinished(() => rmSync(dir, { recursive: true, force: true }));
  return dir;
}

/** A file system in memory, in which everything happens at once. */
export function memoryFiles(): AuditFiles {
  const files = new Map<string, Uint8Array>();
  const create = async (file: string): Promise<AppendFile> => {
    const nothing = async () => {};
    const write = async (bytes: Uint8Array) => void files.set(file, bytes);
    return {
      write,
      sync: nothing,
      truncate: nothing,
      close: nothing,
      identity: async () => ({ device: 0, inode: 0, size: 0 }),
    };
  };
  return {
    ...diskFiles,
    makeFolder: async () => {},
    sync: async () => {},
    create,
    read: async (file) => files.get(file),
    remove: async (file) => void files.delete(file),
    rename: async (from, to) => {
      files.set(to, files.get(from) ?? Buffer.of());
      files.delete(from);
    },
  };
}

/** A log that grows: its head is the tree of the first `size` entries. */
export interface GrowingLog extends WitnessedLog {
  size: number;
  readonly published: string[];
  readonly log: LogFixture;
}

export async function growingLog(log: LogFixture, size: number): Promise<GrowingLog> {
  const notes = new Map<number, string>();
  for (let at = 0; at <= log.entries.length; at++) notes.set(at, await log.checkpointAt(at));
  const growing: GrowingLog = {
    log,
    size,
    published: [],
    head: () => {
      const now = growing.size;
      const consistency = (from: number) =>
        consistencyProof(tileReader(log.source, log.entries.length), from, now);
      return { origin: log.origin, size: now, note: notes.get(now) ?? '', consistency };
    },
    publish: async (note) => void growing.published.push(note),
  };
  return growing;
}

/** A witness in this process, called as over HTTP. */
export interface RigWitness {
  readonly name: string;
  readonly signer: Signer;
  readonly witness: Witness;
  readonly requests: string[];
  /** What to answer instead; takes precedence. */
  fault: (() => Response | Promise<Response>) | undefined;
}

export interface Rig {
  readonly clock: ManualClock;
  readonly witnesses: readonly RigWitness[];
  readonly events: WitnessEvent[];
  readonly witnessing: Witnessing;
}

/** Witnesses `w1`, `w2`… with a quorum of `quorum` of them, over the given logs. */
export async function witnessRig(
  logs: readonly GrowingLog[],
  {
    count = 1,
    quorum = 'all',
    ...options
  }: { count?: number; quorum?: string } & Partial<WitnessingOptions> = {},
): Promise<Rig> {
  const clock = manualClock();
  const first = logs[0]?.log ?? (await buildLog());
  const witnesses = Array.from({ length: count }, (_, i): RigWitness => {
    const name = `w${i + 1}`;
    const signer = generateSigner();
    const policy = { ...trustLog(first.vkey), logs: logs.flatMap(({ log }) => trustLog(log.vkey).logs) };
    const witness = createWitness({
      name: `${name}.example`,
      signer,
      dir: '/',
      policy,
      clock,
      files: memoryFiles(),
    });
    return { name, signer, witness, requests: [], fault: undefined };
  });
  const lines = witnesses.map(
    ({ name, signer }) =>
      `witness ${name} ${witnessVkeyOf(`${name}.example`, signer)} https://${name}.example/`,
  );
  const names = witnesses.map(({ name }) => name).join(' ');
  const policy = parsePolicy(`${lines.join('\n')}\ngroup quorate ${quorum} ${names}\nquorum quorate\n`);
  const fetch = async (url: string, init: RequestInit): Promise<Response> => {
    const target = witnesses.find(({ name }) => url === `https://${name}.example/add-checkpoint`);
    if (target === undefined) throw new TypeError('no such host');
    const body = init.body as string;
    target.requests.push(body);
    if (target.fault !== undefined) return target.fault();
    const answer = await target.witness.addCheckpoint(body);
    return new Response(answer.body, { status: answer.status, headers: { 'content-type': answer.type } });
  };
  const witnessing = startWitnessing({
    policy,
    logs: () => logs,
    fetch,
    clock,
    random: seededRandom(1),
    ...options,
  });
  onTestFinished(() => witnessing.close());
  const events: WitnessEvent[] = [];
  witnessing.subscribe((event) => events.push(event));
  return { clock, witnesses, events, witnessing };
}
