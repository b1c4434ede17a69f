import { type CommandOption, UsageError } from '@holdfast/pipeline/cli';
import { existsSync } from 'node:fs';
import { lstat, readdir } from 'node:fs/promises';
import path from 'node:path';
import { decodeTenant, encodeTenant } from '../log/tenant-name.ts';
import { httpSource } from '../remote/http-source.ts';
import { directorySource } from '../tiles/directory-source.ts';
import { CHECKPOINT_PATH, tilePath } from '../tiles/paths.ts';
import type { TileSource } from '../tiles/tile-source.ts';
import type { WitnessPolicy } from '../witness/witness-policy.ts';

/** One tree to look at: that of a tenant, or of a log of its own. */
export interface Tree {
  /** The tenant; nothing where the place does not tell. */
  readonly tenant: string | undefined;
  readonly source: TileSource;
  /** Files to read ahead: what lies on another machine takes longer. */
  readonly readAhead: number;
}

export const TENANT_OPTION: CommandOption = {
  value: 'NAME',
  description: 'the tenant, where DIR holds several',
};

const isUrl = (place: string) => /^https?:\/\//.test(place);

/** The error about a tenant that a log does not have. */
export const noSuchTenant = (tenant: string) =>
  new UsageError(`there is no tenant ${JSON.stringify(tenant)} in this log`);

/** The error about a place that has no trees; nothing where that may be, for it is the directory of a new log. */
export function absent(place: string, tenant: string | undefined): UsageError | undefined {
  if (tenant !== undefined) return noSuchTenant(tenant);
  return isUrl(place) ? new UsageError(`${place} is no audit log: it has no checkpoint`) : undefined;
}

/**
 * Finds the trees of a place: those of all tenants in the directory of an audit log, or the one in a directory or behind
 * a URL that is served. There is none where it is not there, and none in the directory of a new log.
 *
 * @throws {@link UsageError} when the directory is no log
 */
export async function findTrees(place: string, tenant: string | undefined): Promise<readonly Tree[]> {
  if (isUrl(place)) return servedTree(place, tenant);
  const folder = path.join(place, 'logs');
  if (existsSync(folder)) return tenantTrees(folder, tenant);
  if (existsSync(path.join(place, 'checkpoint')) || existsSync(path.join(place, 'tile'))) {
    return [{ tenant: undefined, source: directorySource(place), readAhead: 8 }];
  }
  throw new UsageError(`${place} is no audit log: it has neither logs/ nor a checkpoint`);
}

async function tenantTrees(folder: string, wanted: string | undefined): Promise<readonly Tree[]> {
  const trees: Tree[] = [];
  for (const name of (await readdir(folder)).sort()) {
    const tenant = decodeTenant(name);
    if (tenant === undefined || (wanted !== undefined && tenant !== wanted)) continue;
    const dir = path.join(folder, name);
    // The folder of a tree comes before its first file. What is no folder is in the place of one.
    const young = (await lstat(dir)).isDirectory() && (await readdir(dir)).length === 0;
    if (!young) trees.push({ tenant, source: directorySource(dir), readAhead: 8 });
  }
  return trees;
}

/**
 * What a web server has there. A log from which the checkpoint was removed is one all the same, as far as that can be
 * told: a server lists no files, and the first full tile has a name that does not depend on the size. Where that was
 * pruned the one above it is there.
 */
async function servedTree(place: string, tenant: string | undefined): Promise<readonly Tree[]> {
  const url = tenant === undefined ? place : `${place.replace(/\/+$/, '')}/${encodeTenant(tenant)}`;
  const source = httpSource(url);
  for (const file of [CHECKPOINT_PATH, tilePath(0, 0), tilePath(1, 0)]) {
    if ((await source.read(file)) !== undefined) return [{ tenant, source, readAhead: 32 }];
  }
  return [];
}

/**
 * Finds the one tree that is meant.
 *
 * @throws {@link UsageError} when there is none, or several
 */
export async function findTree(place: string, tenant: string | undefined): Promise<Tree> {
  const [tree, another] = await findTrees(place, tenant);
  if (tree === undefined) throw absent(place, tenant) ?? new UsageError('the log has no entries yet');
  if (another !== undefined) throw new UsageError('the log has several tenants; name one with --tenant NAME');
  return tree;
}

/** The origin that the tree of a tenant must have, where the trusted key tells. */
export function originOf({ tenant }: Tree, { logs }: WitnessPolicy): string | undefined {
  const [log, another] = logs;
  if (tenant === undefined || log === undefined || another !== undefined) return undefined;
  const { name } = log.verifier;
  const folder = encodeTenant(tenant);
  return name.endsWith(`/${folder}`) ? name : `${name}/${folder}`;
}
