import { cpSync, existsSync, statSync, truncateSync } from 'node:fs';
import path from 'node:path';
import type { FaultyFiles } from './faulty-files.ts';
import { tempDir } from './rig.ts';

/** What is on disk now, as a process would find it that starts after this one was killed. */
export function crashed(dir: string): string {
  const copy = tempDir();
  cpSync(dir, copy, { recursive: true });
  return copy;
}

/** What is on disk after a kill, of which a loss of power would still take what was not synced. */
export function killed(dir: string, { unsynced }: FaultyFiles): string {
  const copy = crashed(dir);
  const moved = (file: string) => path.join(copy, path.relative(dir, file));
  for (const file of [...unsynced.files]) if (file.startsWith(dir)) unsynced.files.add(moved(file));
  for (const [file, length] of [...unsynced.lengths]) {
    if (file.startsWith(dir)) unsynced.lengths.set(moved(file), length);
  }
  return copy;
}

/** What is on disk after a loss of power: files that were not synced are empty, others end where they were synced. */
export function powerless(dir: string, { unsynced }: FaultyFiles): string {
  const copy = crashed(dir);
  const lengths = [...[...unsynced.files].map((file): [string, number] => [file, 0]), ...unsynced.lengths];
  for (const [file, length] of lengths) {
    const copied = path.join(copy, path.relative(dir, file));
    if (file.startsWith(dir) && existsSync(copied) && statSync(copied).size > length)
      truncateSync(copied, length);
  }
  return copy;
}
