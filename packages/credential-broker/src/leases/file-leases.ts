import { mkdir, open, readFile, rename, rm, type FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { integer, readOptions, type, type Rules } from '@holdfast/pipeline';
import { lockFolder } from './folder-lock.ts';
import { LeaseBook } from './lease-book.ts';
import { LeaseFileError } from './lease-file-error.ts';
import { readLog, toLine, type LeaseRecord } from './lease-log.ts';
import type { LeaseFilter, LeaseStore } from './lease-store.ts';
import type { Lease, LeaseChange } from './lease.ts';
import { promised } from './promised.ts';

/** Options of {@link fileLeases}. */
export interface FileLeasesOptions {
  /** The folder; made if it is missing. One store at a time has it. */
  readonly dir: string;
  /** How many outdated records the file may have, besides as many as there are leases. At least 1. Default 10,000. */
  readonly maxOutdated?: number | undefined;
}

/** What {@link fileLeases} does unless told otherwise. */
export const fileLeasesDefaults = { maxOutdated: 10_000 } satisfies Partial<FileLeasesOptions>;

const rules: Rules<FileLeasesOptions> = { dir: type('string'), maxOutdated: integer(1) };

/** Leases that a compaction writes at once. */
const LEASES_A_LINE = 1_000;

async function syncFolder(dir: string): Promise<void> {
  const folder = await open(dir, 'r');
  await folder.sync().finally(() => folder.close());
}

/** A log that was read, open for more. */
interface OpenedLog {
  readonly file: FileHandle;
  readonly book: LeaseBook;
  readonly records: number;
}

/** Leases in memory, and every change of them in a file before anybody hears of it. */
class LeaseFile implements LeaseStore {
  private readonly path: string;
  private readonly dir: string;
  private readonly maxOutdated: number;
  private readonly unlock: () => void;
  private readonly book: LeaseBook;
  private file: FileHandle;
  /** Records in the file. */
  private records: number;
  private gathered: LeaseRecord[] = [];
  /** What gathers while a write is under way; all of it is written at once. */
  private gathering: Promise<void> | undefined;
  private writing: Promise<void> = Promise.resolve();
  private failure: LeaseFileError | undefined;

  constructor(
    { dir, maxOutdated }: FileLeasesOptions & typeof fileLeasesDefaults,
    unlock: () => void,
    opened: OpenedLog,
  ) {
    this.dir = dir;
    this.path = path.join(dir, 'leases.log');
    this.maxOutdated = maxOutdated;
    this.unlock = unlock;
    this.book = opened.book;
    this.file = opened.file;
    this.records = opened.records;
  }

  async insert(lease: Lease): Promise<void> {
    await this.keep({ lease: this.usable.insert(lease) });
  }

  async change(lease: Lease, change: LeaseChange): Promise<Lease | undefined> {
    // In memory first, which says who wins; on the disk before anybody is told.
    const changed = this.usable.change(lease, change);
    if (changed !== undefined) await this.keep({ lease: changed });
    return changed;
  }

  async forget(beforeMs: number): Promise<number> {
    const count = this.usable.forget(beforeMs);
    if (count > 0) await this.keep({ forget: beforeMs });
    return count;
  }

  find(id: string): Promise<Lease | undefined> {
    return promised(() => this.usable.find(id));
  }

  findByHandle(handleHash: string): Promise<Lease | undefined> {
    return promised(() => this.usable.findByHandle(handleHash));
  }

  findByToken(tokenId: string): Promise<Lease | undefined> {
    return promised(() => this.usable.findByToken(tokenId));
  }

  list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]> {
    return promised(() => this.usable.list(filter, after, limit));
  }

  due(byMs: number, limit: number): Promise<readonly Lease[]> {
    return promised(() => this.usable.due(byMs, limit));
  }

  active(): Promise<Readonly<Record<string, number>>> {
    return promised(() => this.usable.active());
  }

  async close(): Promise<void> {
    if (this.failure?.failure === 'closed') return;
    this.failure = new LeaseFileError('closed');
    await this.writing;
    await this.file.close();
    this.unlock();
  }

  /** @throws {@link LeaseFileError} after a failed write, since memory is then ahead of the disk */
  private get usable(): LeaseBook {
    if (this.failure !== undefined) throw this.failure;
    return this.book;
  }

  private keep(record: LeaseRecord): Promise<void> {
    this.gathered.push(record);
    if (this.gathering === undefined) {
      this.gathering = this.writing.then(() => this.write());
      this.writing = this.gathering.catch(() => undefined);
    }
    return this.gathering;
  }

  private async write(): Promise<void> {
    const records = this.gathered;
    this.gathered = [];
    this.gathering = undefined;
    if (this.failure?.failure === 'failed') throw this.failure;
    try {
      await this.file.appendFile(toLine(records));
      await this.file.datasync();
      this.records += records.length;
      if (this.records > 2 * this.book.size + this.maxOutdated) await this.compact();
    } catch (error) {
      this.failure = new LeaseFileError('failed', { cause: error });
      throw this.failure;
    }
  }

  /** Writes what counts to a new file. What changes meanwhile may be in it; it is written once more behind it. */
  private async compact(): Promise<void> {
    const draft = await open(`${this.path}.new`, 'w', 0o600);
    let written = 0;
    let leases: Lease[] = [];
    for (const lease of this.book.all()) {
      leases.push(lease);
      if (leases.length < LEASES_A_LINE) continue;
      await draft.appendFile(toLine(leases.map((one) => ({ lease: one }))));
      written += leases.length;
      leases = [];
    }
    await draft.appendFile(toLine(leases.map((lease) => ({ lease }))));
    await draft.sync();
    await rename(`${this.path}.new`, this.path);
    await syncFolder(this.dir);
    await this.file.close();
    this.file = draft;
    this.records = written + leases.length;
  }
}

async function openLog(dir: string): Promise<OpenedLog> {
  const log = path.join(dir, 'leases.log');
  await rm(`${log}.new`, { force: true });
  const file = await open(log, 'a', 0o600);
  try {
    const book = new LeaseBook();
    const { length, records } = readLog(await readFile(log), book);
    await file.truncate(length);
    await file.sync();
    await syncFolder(dir);
    return { file, book, records };
  } catch (error) {
    await file.close();
    throw error;
  }
}

/**
 * Opens a store of leases in a folder. What it resolves for survives the end of the process, however that comes, and of
 * the machine: every change is on the disk first. Changes that come together go to the disk together.
 *
 * @throws {@link LeaseFileError} when another store has the folder, or its file is damaged
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when an option is out of bounds
 *
 * @example
 * ```ts
 * import { fileLeases } from '@holdfast/credential-broker';
 *
 * const leases = await fileLeases({ dir: './leases' });
 * await leases.close();
 * ```
 */
export async function fileLeases(options: FileLeasesOptions): Promise<LeaseStore> {
  const settings = readOptions('fileLeases', options, rules, fileLeasesDefaults);
  const { dir } = settings;
  await mkdir(dir, { recursive: true, mode: 0o700 });
  const unlock = await lockFolder(dir);
  try {
    return new LeaseFile(settings, unlock, await openLog(dir));
  } catch (error) {
    unlock();
    throw error;
  }
}
