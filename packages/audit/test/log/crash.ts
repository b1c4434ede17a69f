import { cpSync } from 'node:fs';
import { tempDir } from './rig.ts';

/** What is on disk now, as a process would find it that starts after this one was killed. */
export function crashed(dir: string): string {
  const copy = tempDir();
  cpSync(dir, copy, { recursive: true });
  return copy;
}
