import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { AuditEvent } from '@holdfast/audit';
import { sampleEvent } from './sample-events.ts';

/** As many as are appended before one waits for them. */
const BATCH = 2_048;

/** Appends a number of events. */
export async function fill(
  append: (event: AuditEvent) => Promise<unknown>,
  entries: number,
  progress: (share: number) => void = () => {},
): Promise<void> {
  for (let from = 0; from < entries; from += BATCH) {
    const count = Math.min(BATCH, entries - from);
    await Promise.all(Array.from({ length: count }, (_, index) => append(sampleEvent(from + index))));
    progress((from + count) / entries);
  }
}

/** Runs something with a folder that is removed afterwards. */
export async function withFolder<T>(use: (folder: string) => Promise<T>): Promise<T> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-bench-'));
  try {
    return await use(folder);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}
