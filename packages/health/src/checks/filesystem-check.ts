import { rm, statfs, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { number, type } from '@holdfast/pipeline';
import type { CheckOverrides, CheckResult, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';

/** What {@link filesystemCheck} takes. */
export interface FilesystemCheckOptions extends CheckOverrides {
  /** A folder. */
  readonly path: string;
  /** Whether a file must be able to be written there; one is written and removed. Default `true`. */
  readonly writable?: boolean | undefined;
  /** Share of free space below which it is degraded; 0 to 1. Default 0.1. */
  readonly minFreeRatio?: number | undefined;
  /** Free bytes below which it is degraded. At least 0. Default 0. */
  readonly minFreeBytes?: number | undefined;
}

/**
 * Looks at a folder: whether it can be written to, and how much space is left. Its name is `filesystem` unless told
 * otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { filesystemCheck } from '@holdfast/health';
 *
 * const check = filesystemCheck({ path: '/var/lib/app', minFreeBytes: 500_000_000 });
 * ```
 */
export function filesystemCheck(options: FilesystemCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'filesystemCheck',
      options,
      rules: {
        path: type('string'),
        writable: type('boolean'),
        minFreeRatio: number(0, 1),
        minFreeBytes: number(0),
      },
      defaults: {
        name: 'filesystem',
        writable: true,
        minFreeRatio: 0.1,
        minFreeBytes: 0,
        componentType: 'system',
        recommendation: 'free space, or make the volume larger',
      },
      required: ['path'],
    },
    async (settings): Promise<CheckResult> => {
      const { bavail, blocks, bsize } = await statfs(settings.path);
      if (settings.writable) await write(settings.path);
      const freeBytes = bavail * bsize;
      // Some file systems, such as overlays of nothing, have no size.
      const freeRatio = blocks === 0 ? 1 : bavail / blocks;
      const low = freeRatio < settings.minFreeRatio || freeBytes < settings.minFreeBytes;
      const observed = { observedValue: freeBytes, observedUnit: 'B' };
      return low ? { state: 'degraded', reason: 'low-space', ...observed } : { state: 'up', ...observed };
    },
  );
}

/** The right to write (`access`) says nothing about full disks and read-only mounts. */
async function write(folder: string): Promise<void> {
  const file = path.join(folder, `.health-${process.pid}`);
  // Never through a link that somebody put there: only what a process that died has left is removed first.
  await rm(file, { force: true });
  try {
    await writeFile(file, 'x', { flag: 'wx' });
  } finally {
    await rm(file, { force: true });
  }
}
