import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { systemClock, type Clock } from '@holdfast/pipeline';
import { onTestFinished } from 'vitest';
import type { AuditEvent } from '../src/events/audit-event.ts';
import { EventEncoder } from '../src/events/event-encoder.ts';
import { diskFiles } from '../src/files/disk-files.ts';
import type { Appended, AuditEngine } from '../src/log/engine.ts';
import { openEngine } from '../src/log/open-engine.ts';
import { generateSigner } from '../src/note/signer.ts';
import { BodyStore } from '../src/record/body-store.ts';
import { IdWindow } from '../src/record/id-window.ts';
import { Recorder, type PersonalKeeper } from '../src/record/recorder.ts';
import { createRedactor, type RedactionOptions } from '../src/redaction/redactor.ts';

/** A folder of a test's own, removed when the test is over. */
export async function tempFolder(): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-audit-'));
  // What was given up may still be written.
  onTestFinished(() => rm(folder, { recursive: true, force: true, maxRetries: 10 }));
  return folder;
}

const signer = generateSigner();

/** A log of a test's own on the real disk, closed when the test is over. */
export async function openTestEngine(dir?: string, clock: Clock = systemClock): Promise<AuditEngine> {
  const folder = dir ?? (await tempFolder());
  const engine = await openEngine({
    dir: folder,
    origin: 'audit.example/test',
    signer,
    clock,
    ackTimeoutMs: Infinity,
  });
  onTestFinished(() => engine.close());
  return engine;
}

/** What a recorder of a test may be made of. */
export interface RigOptions {
  readonly redaction?: RedactionOptions;
  readonly personal?: PersonalKeeper;
  readonly clock?: Clock;
  readonly ackTimeoutMs?: number;
  readonly maxIds?: number;
  readonly windowMs?: number;
}

type RiggedEngine = Pick<AuditEngine, 'append' | 'entries' | 'size' | 'dir'>;

/** A recorder that writes to an engine. */
export function rigRecorder(engine: RiggedEngine, options: RigOptions = {}) {
  const {
    redaction,
    personal,
    clock = systemClock,
    ackTimeoutMs = Infinity,
    maxIds = 100,
    windowMs = 60_000,
  } = options;
  const scribe = createRedactor(redaction);
  const encoder = new EventEncoder({ scribe, maxDetailsLength: 1 << 20, oversized: 'digest' });
  const bodies = new BodyStore(engine.dir, diskFiles);
  const ids = new IdWindow({ engine, clock, maxIds, windowMs });
  return {
    recorder: new Recorder({ engine, encoder, bodies, ids, personal, clock, ackTimeoutMs }),
    bodies,
    ids,
  };
}

/** The events that a tenant has in the log. */
export async function eventsOf(
  engine: Pick<AuditEngine, 'entries'>,
  tenant = 'default',
): Promise<LoggedEvent[]> {
  const events: LoggedEvent[] = [];
  for await (const { leaf } of engine.entries(tenant, 0)) {
    events.push(JSON.parse(Buffer.from(leaf).toString()) as LoggedEvent);
  }
  return events;
}

/** An event as it stands in the log. */
export interface LoggedEvent extends AuditEvent {
  readonly time: string;
  readonly v: number;
  readonly detailsDigest?: { readonly bytes: number; readonly sha256: string };
  readonly personal?: { readonly fields: readonly string[]; readonly ref: number };
}

/** An engine that keeps everything in memory and fails on request. */
export class MemoryEngine {
  readonly dir = '/nowhere';
  readonly leaves = new Map<string, Uint8Array[]>();
  /** What the next appends reject with. */
  failure: Error | undefined;
  /** Appends wait until this resolves. */
  held: Promise<void> | undefined;

  async append(tenant: string, leaf: Uint8Array): Promise<Appended> {
    if (this.failure !== undefined) throw this.failure;
    if (this.held !== undefined) await this.held;
    if (this.failure !== undefined) throw this.failure;
    const leaves = this.leaves.get(tenant) ?? [];
    this.leaves.set(tenant, leaves);
    return { tenant, index: leaves.push(leaf) - 1, leafHash: new Uint8Array(32) };
  }

  size(tenant: string): number {
    return this.leaves.get(tenant)?.length ?? 0;
  }

  async *entries(tenant: string, from: number, to = this.size(tenant)) {
    for (let index = from; index < to; index++) {
      yield { tenant, index, leaf: this.leaves.get(tenant)?.[index] ?? new Uint8Array() };
    }
  }

  get events(): LoggedEvent[] {
    return [...this.leaves.values()]
      .flat()
      .map((leaf) => JSON.parse(Buffer.from(leaf).toString()) as LoggedEvent);
  }
}
