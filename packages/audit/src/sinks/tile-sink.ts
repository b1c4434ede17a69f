import { check, having, readOptions, type, type Rules } from '@holdfast/pipeline';
import { encodeTenant } from '../log/tenant-name.ts';
import type { AuditEngine } from '../log/engine.ts';
import { TILE_WIDTH } from '../merkle/geometry.ts';
import { CHECKPOINT_PATH, entryBundlePath, tilePath, tileWidth } from '../tiles/paths.ts';
import { TileError } from '../tiles/tile-error.ts';
import type { ObjectStore } from './object-store.ts';
import type { AuditSink } from './sink.ts';

/** Options of {@link tileSink}. */
export interface TileSinkOptions {
  /** Where the files go. */
  readonly store: ObjectStore;
  /** Names the sink. Default `tiles`. */
  readonly name?: string | undefined;
}

/** What the sink reads of the log. */
export type TileOwner = Pick<AuditEngine, 'checkpoint' | 'source' | 'on'>;

const rules: Rules<TileSinkOptions> = { store: having('put'), name: type('string') };

/** How many entries ahead of a batch its checkpoint may be for all that it covers to be sent at once. */
const NEAR = 16 * TILE_WIDTH;

/** What never changes may be kept for ever (C2SP tlog-tiles). */
const FOREVER = 'public, max-age=31536000, immutable';

/**
 * Makes a sink that keeps the published files of each tree in a store of objects, under `<encoded tenant>/`, as a C2SP
 * log that can be read from there: first what a checkpoint covers, then the checkpoint.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import type { AuditLog } from '@holdfast/audit';
 * import { runSink, tileSink, type ObjectStore } from '@holdfast/audit/sinks';
 *
 * const mirror = (log: AuditLog, store: ObjectStore) => runSink(log.engine, tileSink(log.engine, { store }));
 * ```
 */
export function tileSink(engine: TileOwner, options: TileSinkOptions): AuditSink {
  const { store, name } = readOptions('tileSink', options, rules, { name: 'tiles' });
  check('tileSink: store', store, rules.store);
  return {
    name,
    async write({ tenant, entries }, signal) {
      const from = entries[0]?.index ?? 0;
      const end = from + entries.length;
      await published(engine, tenant, end, signal);
      const checkpoint = engine.checkpoint(tenant);
      if (checkpoint === undefined) return;
      // Far behind, files go batch by batch, so that each attempt ends in time, and the checkpoint waits for the last.
      const near = checkpoint.size - end <= NEAR;
      const folder = `${encodeTenant(tenant)}/`;
      for (const path of finalPaths(from, near ? checkpoint.size : end, checkpoint.size)) {
        const body = await engine.source(tenant).read(path);
        if (body === undefined) throw new TileError(path, true);
        const contentType = 'application/octet-stream';
        await store.put({ key: folder + path, body, contentType, cacheControl: FOREVER }, signal);
      }
      if (!near) return;
      const [body, contentType] = [Buffer.from(checkpoint.note), 'text/plain; charset=utf-8'];
      await store.put({ key: folder + CHECKPOINT_PATH, body, contentType, cacheControl: 'no-cache' }, signal);
    },
  };
}

/** Resolves once a checkpoint covers so many entries. */
async function published(
  engine: TileOwner,
  tenant: string,
  size: number,
  signal: AbortSignal,
): Promise<void> {
  while ((engine.checkpoint(tenant)?.size ?? 0) < size) {
    signal.throwIfAborted();
    await new Promise<void>((resolve) => {
      const stop = engine.on('audit.checkpoint_published', (event) => {
        if (event.tenant === tenant) done();
      });
      const done = () => {
        stop();
        signal.removeEventListener('abort', done);
        resolve();
      };
      signal.addEventListener('abort', done);
    });
  }
}

/**
 * The files of a tree of `size` that have become final with the entries from `from` up to `to`: what a later batch will
 * still add to is left to that one.
 */
function* finalPaths(from: number, to: number, size: number): Generator<string> {
  for (let level = 0; level === 0 || size >= TILE_WIDTH ** level; level++) {
    const [before, after, all] = [from, to, size].map((entries) => Math.floor(entries / TILE_WIDTH ** level));
    for (const index of tilesBetween(before ?? 0, after ?? 0, all ?? 0)) {
      const width = tileWidth(level, index, size);
      if (level === 0) yield entryBundlePath(index, width);
      yield tilePath(level, index, width);
    }
  }
}

function* tilesBetween(before: number, after: number, all: number): Generator<number> {
  if (after === before) return;
  for (let tile = Math.floor(before / TILE_WIDTH); tile * TILE_WIDTH < after; tile++) {
    if (after >= Math.min((tile + 1) * TILE_WIDTH, all)) yield tile;
  }
}
