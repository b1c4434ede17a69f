import type { Clock } from '@holdfast/pipeline';
import type { AuditFiles } from '../files/audit-files.ts';
import type { AuditEngine } from '../log/engine.ts';
import type { AuditEvent } from '../events/audit-event.ts';
import { systemEvent } from '../record/system-event.ts';
import { expiredBelow } from './expired-below.ts';
import { firstKept } from './first-kept.ts';
import { MINIMUM_INDEX_FIELD } from './minimum-index.ts';
import { removeBelow, type Removed } from './remove-below.ts';
import { settledSize } from './settled-size.ts';
import { readRetentionPolicy, type RetentionPolicy } from './retention-policy.ts';

/** What pruning a tree needs. */
export interface PruneParts {
  readonly engine: Pick<AuditEngine, 'dir' | 'source' | 'checkpoint' | 'originOf' | 'folderOf' | 'flush'>;
  /** Writes the event that declares the pruning; resolves once it is durable. */
  readonly record: (event: AuditEvent) => Promise<unknown>;
  readonly files: AuditFiles;
  readonly clock: Pick<Clock, 'wallNow'>;
}

/** Which tree to prune, and how far. */
export interface PruneRequest {
  readonly tenant: string;
  readonly policy: RetentionPolicy;
  /** Entries from here on stay whatever the policy: somebody has not read them yet. Default: the end of the log. */
  readonly before?: number | undefined;
}

/** What pruning did. */
export interface Pruned extends Removed {
  readonly tenant: string;
  /** The first entry that is left. */
  readonly minimumIndex: number;
}

/** What pruning would do. */
export interface PrunePlan {
  /** The first entry that is there now. */
  readonly from: number;
  /** The first entry that would be left; `from` where there is nothing to prune. */
  readonly minimumIndex: number;
  /** Entries whose files a restart begins from. */
  readonly size: number;
}

/** Finds out how far a tree may be pruned, and changes nothing. */
export async function planPruning(
  { engine, files, clock }: Omit<PruneParts, 'record'>,
  { tenant, policy, before = Infinity }: PruneRequest,
): Promise<PrunePlan> {
  const { keepMs } = readRetentionPolicy(policy);
  const source = engine.source(tenant);
  // What the write-ahead log still holds is not removed by removing files, and stays.
  const settled = await settledSize(engine.dir, tenant, files);
  const size = Math.min(engine.checkpoint(tenant)?.size ?? 0, settled);
  const from = await firstKept(source, size);
  const keepFromMs = clock.wallNow() - keepMs;
  const to = Math.min(size, before);
  return { from, size, minimumIndex: Math.max(from, await expiredBelow({ source, from, to, keepFromMs })) };
}

/**
 * Prunes the tree of a tenant by a policy: says so in the log, waits until that is under a signed checkpoint, and only
 * then removes files. All proofs of what is left stay valid, and all consistency proofs from the minimum index on.
 */
export async function pruneTree(parts: PruneParts, request: PruneRequest): Promise<Pruned> {
  const { engine, record, files } = parts;
  const { tenant } = request;
  const { name, keepMs, hashes } = readRetentionPolicy(request.policy);
  const { from, minimumIndex, size } = await planPruning(parts, request);
  if (minimumIndex === from) return { tenant, minimumIndex, bundles: 0, tiles: 0 };
  const resource = { type: 'audit-log', id: engine.originOf(tenant) };
  const details = { [MINIMUM_INDEX_FIELD]: minimumIndex, policy: name, keepMs, hashes };
  await record(systemEvent('pruned', { tenant, resource, details }));
  await engine.flush();
  const folder = engine.folderOf(tenant);
  const removed = await removeBelow({ files, folder, from, minimumIndex, size, hashes });
  return { tenant, minimumIndex, ...removed };
}
