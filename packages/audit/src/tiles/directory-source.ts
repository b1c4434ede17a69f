import { readFile } from 'node:fs/promises';
import path from 'node:path';
import type { TileSource } from './tile-source.ts';

const isMissing = (error: unknown) =>
  ['ENOENT', 'ENOTDIR'].includes((error as NodeJS.ErrnoException).code ?? '');

/**
 * The files of one log in a directory.
 *
 * @param dir - the folder of one tenant, which holds `checkpoint` and `tile/`
 *
 * @example
 * ```ts
 * import { directorySource } from '@holdfast/audit';
 *
 * const checkpoint = await directorySource('/var/lib/audit/logs/acme').read('checkpoint');
 * ```
 */
export function directorySource(dir: string): TileSource {
  return {
    async read(file) {
      try {
        return await readFile(path.join(dir, file));
      } catch (error) {
        if (isMissing(error)) return undefined;
        throw error;
      }
    },
  };
}
