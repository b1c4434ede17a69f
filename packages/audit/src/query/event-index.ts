import { rm } from 'node:fs/promises';
import path from 'node:path';
import { reportListenerError, systemClock, type Clock, type ListenerErrorHandler } from '@holdfast/pipeline';
import type { ServiceClient } from '../background/service-client.ts';
import { currentAuditContext } from '../events/context.ts';
import { tenantOf } from '../events/read-event.ts';
import type { AuditEngine, StoredEntry } from '../log/engine.ts';
import { pause } from '../log/pause.ts';
import { firstKept } from '../retention/first-kept.ts';
import { startService } from '../start-service.ts';
import { CursorSeal } from './cursor.ts';
import { followFrom, isPruned } from './follow-from.ts';
import type { IndexBatch, IndexHit, IndexState } from './index-database.ts';
import type { IndexQuery } from './index-query.ts';
import { questionOf, readQuery, wordsOf, type AuditQuery } from './options.ts';

/** What an index reads of an engine. */
export type IndexedEngine = Pick<
  AuditEngine,
  'dir' | 'origin' | 'tenants' | 'size' | 'entries' | 'follow' | 'source'
>;

/** A page of found entries. */
export interface FoundPage {
  readonly entries: readonly StoredEntry[];
  /** What to ask for the next page with; nothing when this is the last one. */
  readonly next: string | undefined;
}

/** How many entries are added in one go. */
const COMMIT_AFTER = 8192;

/** How many milliseconds to wait after filling failed. */
const PAUSE_MS = 1000;

/**
 * The index of a log: a database that a thread of its own fills from the log, after entries are durable, and that can be
 * thrown away and filled again. It never holds up an append.
 */
export class EventIndex {
  private readonly engine: IndexedEngine;
  private service: ServiceClient;
  private readonly onError: ListenerErrorHandler;
  private readonly clock: Clock;
  /** Why the index cannot be filled now; nothing while it can. */
  failure: unknown;
  private position: Map<string, number>;
  private seal: CursorSeal;
  private readonly following: { readonly controller: AbortController; readonly ended: Promise<void> };
  private waiting: (() => void)[] = [];

  private constructor(
    engine: IndexedEngine,
    service: ServiceClient,
    state: IndexState,
    onError: ListenerErrorHandler,
    clock: Clock,
  ) {
    this.engine = engine;
    this.service = service;
    this.onError = onError;
    this.clock = clock;
    this.position = new Map(state.next);
    this.seal = new CursorSeal(state.key);
    this.following = this.follow();
  }

  /** Opens the index beside a log; one that is damaged, older than its form or ahead of the log is made anew. */
  static async open(
    engine: IndexedEngine,
    onError: ListenerErrorHandler = console.error,
    clock: Clock = systemClock,
  ): Promise<EventIndex> {
    const { service, state } = await start(engine);
    return new EventIndex(engine, service, state, onError, clock);
  }

  /** How many durable entries are not in the index yet. */
  get lag(): number {
    const behind = (tenant: string) => this.engine.size(tenant) - (this.position.get(tenant) ?? 0);
    return this.engine.tenants().reduce((sum, tenant) => sum + behind(tenant), 0);
  }

  /** Resolves once everything that is durable now is in the index, or cannot be put there now: `failure` tells. */
  async caughtUp(): Promise<void> {
    const wanted = new Map(this.engine.tenants().map((tenant) => [tenant, this.engine.size(tenant)]));
    const behind = () => [...wanted].some(([tenant, size]) => (this.position.get(tenant) ?? 0) < size);
    while (behind() && this.failure === undefined && !this.following.controller.signal.aborted) {
      await new Promise<void>((resolve) => this.waiting.push(resolve));
    }
  }

  /**
   * Finds entries of one tenant.
   *
   * @throws {@link AuditCursorError} when `after` was not given out for this question
   */
  async query(query: AuditQuery): Promise<FoundPage> {
    const settings = readQuery(query);
    const tenant = tenantOf(settings.tenant, currentAuditContext()?.tenant);
    const { text, limit, after } = settings;
    const question = questionOf({ ...settings, tenant });
    const position = after === undefined ? undefined : this.seal.open(after, question);
    const words = text === undefined ? undefined : wordsOf(text);
    const wanted = { ...settings, tenant, words, limit: limit + 1, after: position } satisfies IndexQuery;
    const hits = (await this.service.call('find', wanted)) as readonly IndexHit[];
    const page = hits.slice(0, limit);
    const last = page.at(-1);
    const entries = await Promise.all(page.map(({ index }) => this.read(tenant, index)));
    return {
      entries: entries.filter((entry) => entry !== undefined),
      next:
        last !== undefined && hits.length > limit
          ? this.seal.seal({ timeMs: last.timeMs, index: last.index }, question)
          : undefined,
    };
  }

  /** Forgets the entries of a tenant below an index, because the log has pruned them. */
  async forget(tenant: string, below: number): Promise<void> {
    // A thread that takes the place of one that crashed does so itself.
    if (!this.service.ended.aborted) await this.service.call('forget', { tenant, below });
  }

  async close(): Promise<void> {
    await this.stop();
    await this.service.close();
  }

  private async read(tenant: string, index: number): Promise<StoredEntry | undefined> {
    try {
      for await (const entry of this.engine.entries(tenant, index, index + 1)) return entry;
    } catch (error) {
      if (!isPruned(error)) throw error;
    }
    return undefined;
  }

  private async stop(): Promise<void> {
    this.following.controller.abort();
    await this.following.ended;
  }

  private follow() {
    const controller = new AbortController();
    const ended = this.keepFilling(controller.signal).finally(() => {
      controller.abort();
      this.wake();
    });
    return { controller, ended };
  }

  private async keepFilling(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        if (this.failure !== undefined) await this.takeUp();
        await this.fill(AbortSignal.any([signal, this.service.ended]));
        if (!signal.aborted) this.service.ended.throwIfAborted();
        return;
      } catch (error) {
        if (signal.aborted) return;
        this.failure = error;
        reportListenerError(this.onError, error);
        this.wake();
        await pause(PAUSE_MS, signal, this.clock);
      }
    }
  }

  /** Goes on from what the database has: with a batch that failed it gave up those that were not kept yet. */
  private async takeUp(): Promise<void> {
    const state = this.service.ended.aborted ? await this.startAgain() : await this.goOn();
    this.position = new Map(state.next);
    if (this.lag === 0) this.failure = undefined;
  }

  private async goOn(): Promise<IndexState> {
    await this.service.call('commit');
    return (await this.service.call('start', this.engine.origin)) as IndexState;
  }

  /** With a new thread in the place of one that crashed. */
  private async startAgain(): Promise<IndexState> {
    const { service, state } = await start(this.engine);
    this.service = service;
    this.seal = new CursorSeal(state.key);
    return state;
  }

  private async fill(signal: AbortSignal): Promise<void> {
    let uncommitted = 0;
    for await (const batch of followFrom(this.engine, this.position, signal)) {
      const first = batch[0];
      if (first === undefined) continue;
      await this.service.call('add', packed(first, batch));
      this.position.set(first.tenant, first.index + batch.length);
      this.failure = undefined;
      uncommitted += batch.length;
      if (uncommitted >= COMMIT_AFTER || this.lag === 0) {
        await this.service.call('commit');
        uncommitted = 0;
      }
      this.wake();
    }
  }

  private wake(): void {
    for (const resolve of this.waiting.splice(0)) resolve();
  }
}

/** Starts the service on the file beside a log; one that does not open is made anew. */
async function start(engine: IndexedEngine) {
  const file = path.join(engine.dir, 'index.sqlite');
  return startOn(file, engine).catch(async () => {
    for (const part of ['', '-wal', '-shm']) await rm(file + part, { force: true });
    return startOn(file, engine);
  });
}

/** Starts the service on a file, as the index of a log. */
async function startOn(file: string, engine: IndexedEngine) {
  const service = startService({ service: 'index', file });
  try {
    let state = (await service.call('start', engine.origin)) as IndexState;
    if ([...state.next].some(([tenant, next]) => next > engine.size(tenant))) {
      await service.call('clear', engine.origin);
      state = (await service.call('start', engine.origin)) as IndexState;
    }
    for (const [tenant] of state.next) await forgetPruned(service, engine, tenant);
    return { service, state };
  } catch (error) {
    await service.close();
    throw error;
  }
}

/** Forgets what the log has pruned while nobody told the index of it. */
async function forgetPruned(service: ServiceClient, engine: IndexedEngine, tenant: string): Promise<void> {
  const below = await firstKept(engine.source(tenant), engine.size(tenant));
  if (below > 0) await service.call('forget', { tenant, below });
}

/** Entries in one piece of memory: a view would be sent with all of the memory that it is a part of. */
function packed({ tenant, index }: StoredEntry, batch: readonly StoredEntry[]): IndexBatch {
  const bytes = new Uint8Array(Buffer.concat(batch.map(({ leaf }) => leaf)));
  return { tenant, from: index, bytes, lengths: batch.map(({ leaf }) => leaf.length) };
}
