/**
 * Where the files of one log come from: a directory, a web server, a store of objects.
 *
 * @example
 * ```ts
 * import { directorySource, type TileSource } from '@holdfast/audit';
 *
 * const source: TileSource = directorySource('/var/lib/audit/logs/acme');
 * const checkpoint = await source.read('checkpoint');
 * ```
 */
export interface TileSource {
  /**
   * Reads a file of the log.
   *
   * @param path - relative to the log, such as `tile/0/000`
   * @returns its bytes, or nothing when there is no such file; rejects when that cannot be found out
   */
  read(path: string): Promise<Uint8Array | undefined>;
}
