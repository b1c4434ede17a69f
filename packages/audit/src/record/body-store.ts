import path from 'node:path';
import { hash } from 'node:crypto';
import type { DetailsBody } from '../events/event-encoder.ts';
import type { AuditFiles } from '../files/audit-files.ts';

const DIGEST = /^[0-9a-f]{64}$/;
const DRAFT = '.draft';

/** Keeps details that are too large for an entry, each in a file that is named after its digest. */
export class BodyStore {
  private readonly folder: string;
  private readonly files: AuditFiles;
  /** Those being written, so that equal ones are written once and a draft has one writer. */
  private readonly writing = new Map<string, Promise<void>>();
  /** Those being removed; who puts one of them writes it anew afterwards. */
  private readonly removing = new Map<string, Promise<void>>();
  /** For each sweep under way: those that were put since it began. */
  private readonly sweeps = new Set<Set<string>>();

  /** @param dir - the directory of the log */
  constructor(dir: string, files: AuditFiles) {
    this.folder = path.join(dir, 'bodies');
    this.files = files;
  }

  /** Resolves once it is on the disk. */
  put(body: DetailsBody): Promise<void> {
    for (const fresh of this.sweeps) fresh.add(body.sha256);
    const known = this.writing.get(body.sha256);
    if (known !== undefined) return known;
    const writing = this.write(body).finally(() => this.writing.delete(body.sha256));
    this.writing.set(body.sha256, writing);
    return writing;
  }

  /**
   * Canonical JSON of the details of an entry that holds only their digest.
   *
   * @param sha256 - in hex
   * @returns nothing when it is missing, or is not what was written
   */
  async get(sha256: string): Promise<string | undefined> {
    if (!DIGEST.test(sha256)) return undefined;
    const bytes = await this.files.read(this.fileOf(sha256));
    return bytes !== undefined && hash('sha256', bytes) === sha256
      ? Buffer.from(bytes).toString()
      : undefined;
  }

  /**
   * Removes the bodies that no entry names.
   *
   * @param named - tells the digests that the log names once everything that was appended before is durable
   * @returns how many were removed
   */
  async sweep(named: () => Promise<ReadonlySet<string>>): Promise<number> {
    const fresh = new Set(this.writing.keys());
    this.sweeps.add(fresh);
    try {
      const there = await this.list();
      return there.length === 0 ? 0 : await this.removeAll(there, await named(), fresh);
    } finally {
      this.sweeps.delete(fresh);
    }
  }

  private async removeAll(
    there: readonly string[],
    named: ReadonlySet<string>,
    fresh: ReadonlySet<string>,
  ): Promise<number> {
    let removed = 0;
    for (const sha256 of there) {
      // Asked for each one at the last moment: its entry may be on its way to the disk.
      if (named.has(sha256) || fresh.has(sha256)) continue;
      const removing = this.remove(this.fileOf(sha256)).finally(() => this.removing.delete(sha256));
      this.removing.set(sha256, removing);
      await removing;
      removed++;
    }
    return removed;
  }

  /** Also what a process that died while it wrote has left. */
  private async remove(file: string): Promise<void> {
    await this.files.remove(file + DRAFT);
    await this.files.remove(file);
  }

  private async list(): Promise<readonly string[]> {
    const found: string[] = [];
    for (const folder of await this.files.list(this.folder)) {
      const names = await this.files.list(path.join(this.folder, folder));
      found.push(...names.map((name) => path.basename(name, DRAFT)).filter((name) => DIGEST.test(name)));
    }
    return [...new Set(found)];
  }

  private async write({ sha256, bytes }: DetailsBody): Promise<void> {
    await this.removing.get(sha256)?.catch(() => undefined);
    const file = this.fileOf(sha256);
    if ((await this.get(sha256)) === undefined) await this.create(file, bytes);
    // Of one that is there too: whoever wrote it may have failed or died before this.
    const folder = path.dirname(file);
    for (const parent of [folder, this.folder, path.dirname(this.folder)]) await this.files.sync(parent);
  }

  private async create(file: string, bytes: Uint8Array): Promise<void> {
    await this.files.makeFolder(path.dirname(file));
    const draft = file + DRAFT;
    await this.files.remove(draft);
    const drafted = await this.files.create(draft);
    try {
      await drafted.write(bytes, bytes.length);
      await drafted.sync();
    } finally {
      await drafted.close();
    }
    await this.files.rename(draft, file);
  }

  private fileOf(sha256: string): string {
    return path.join(this.folder, sha256.slice(0, 2), sha256);
  }
}
