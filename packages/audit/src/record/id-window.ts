import type { Clock } from '@holdfast/pipeline';
import type { Appended, AuditEngine } from '../log/engine.ts';
import { leafHash } from '../merkle/hash.ts';
import { TileError } from '../tiles/tile-error.ts';

/** How many ids are remembered, and for how long. */
export interface IdWindowOptions {
  readonly engine: Pick<AuditEngine, 'entries' | 'size'>;
  readonly clock: Clock;
  readonly maxIds: number;
  readonly windowMs: number;
}

interface Remembered {
  readonly written: Promise<Appended>;
  readonly atMs: number;
}

/** How many of the last entries of a tenant are looked through for ids when it is first met. */
const LOOKED_BACK = 1024;
const HAS_ID = Buffer.from('"id":');

/**
 * Lets an event with an id be written once, however often it is sent: within a time and a number of ids, and also when
 * the process died between writing and answering.
 */
export class IdWindow {
  private readonly options: IdWindowOptions;
  /** The oldest first. */
  private readonly known = new Map<string, Remembered>();
  /** The tenants whose last entries were looked through, or are being. */
  private readonly recalled = new Map<string, Promise<void> | undefined>();
  /** How many events were not written again. */
  duplicates = 0;

  constructor(options: IdWindowOptions) {
    this.options = options;
  }

  /**
   * Writes, or answers with what the first one with that id was answered. Writes at once, so that events keep the order
   * in which they came, except that the first of a tenant with an id waits for a look at the log.
   */
  once(tenant: string, id: string, write: () => Promise<Appended>): Promise<Appended> {
    const recalling = this.recall(tenant);
    return recalling === undefined
      ? this.now(tenant, id, write)
      : recalling.then(() => this.now(tenant, id, write));
  }

  private now(tenant: string, id: string, write: () => Promise<Appended>): Promise<Appended> {
    const key = keyOf(tenant, id);
    const { clock, windowMs } = this.options;
    const first = this.known.get(key);
    if (first === undefined || clock.now() - first.atMs > windowMs) return this.remember(key, write());
    this.duplicates++;
    return first.written;
  }

  private remember(key: string, written: Promise<Appended>): Promise<Appended> {
    this.known.delete(key);
    this.known.set(key, { written, atMs: this.options.clock.now() });
    for (const oldest of this.known.keys()) {
      if (this.known.size <= this.options.maxIds) break;
      this.known.delete(oldest);
    }
    // What was not written may be sent again.
    written.catch(() => {
      if (this.known.get(key)?.written === written) this.known.delete(key);
    });
    return written;
  }

  /** @returns nothing when there is nothing to wait for */
  private recall(tenant: string): Promise<void> | undefined {
    if (this.recalled.has(tenant)) return this.recalled.get(tenant);
    if (this.options.engine.size(tenant) === 0) return void this.recalled.set(tenant, undefined);
    const recalling = this.lookBack(tenant).then(
      () => void this.recalled.set(tenant, undefined),
      (error: unknown) => this.forgive(tenant, error),
    );
    this.recalled.set(tenant, recalling);
    return recalling;
  }

  private forgive(tenant: string, error: unknown): void {
    this.recalled.delete(tenant);
    // What was pruned is older than any window.
    if (!(error instanceof TileError && error.missing)) throw error;
    this.recalled.set(tenant, undefined);
  }

  private async lookBack(tenant: string): Promise<void> {
    const { engine, clock, windowMs } = this.options;
    const size = engine.size(tenant);
    for await (const { index, leaf } of engine.entries(tenant, Math.max(0, size - LOOKED_BACK), size)) {
      const bytes = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length);
      if (!bytes.includes(HAS_ID)) continue;
      const { id, time } = idAndTimeOf(bytes);
      if (id === undefined || clock.wallNow() - time > windowMs) continue;
      void this.remember(keyOf(tenant, id), Promise.resolve({ tenant, index, leafHash: leafHash(leaf) }));
    }
  }
}

const keyOf = (tenant: string, id: string) => `${tenant}\0${id}`;

/** What an entry says about itself; nothing where it is not an event. */
function idAndTimeOf(leaf: Buffer): { readonly id?: string; readonly time: number } {
  try {
    const { id, time } = JSON.parse(leaf.toString()) as { readonly id?: unknown; readonly time?: unknown };
    return typeof id === 'string' ? { id, time: Date.parse(String(time)) } : { time: NaN };
  } catch {
    return { time: NaN };
  }
}
