import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';

/** Remembers how far a sink has come: for each tenant the index of the next entry. */
export class SinkOffset {
  readonly next: Map<string, number>;
  private readonly file: string;
  private readonly files: AuditFiles;

  private constructor(file: string, files: AuditFiles, next: Map<string, number>) {
    this.file = file;
    this.files = files;
    this.next = next;
  }

  /**
   * A file that cannot be read is taken for none: everything is sent again, which is allowed, where leaving entries out
   * is not.
   */
  static async load(dir: string, sink: string, files: AuditFiles): Promise<SinkOffset> {
    const file = path.join(dir, 'sinks', `${sink}.json`);
    const bytes = await files.read(file);
    return new SinkOffset(file, files, parse(bytes));
  }

  /** Puts the file in place. Not synced: a crash of the machine only makes entries come again. */
  async save(): Promise<void> {
    const bytes = Buffer.from(JSON.stringify(Object.fromEntries(this.next)));
    await this.files.makeFolder(path.dirname(this.file));
    await this.files.replace(this.file, bytes, `${this.file}.new`);
  }
}

function parse(bytes: Uint8Array | undefined): Map<string, number> {
  try {
    const known = JSON.parse(Buffer.from(bytes ?? []).toString()) as Record<string, unknown>;
    const valid = Object.entries(known).filter(([, next]) => Number.isSafeInteger(next) && Number(next) >= 0);
    return new Map(valid as [string, number][]);
  } catch {
    return new Map();
  }
}
