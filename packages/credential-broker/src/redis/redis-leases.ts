import { check, either, having, readOptions, type Rules } from '@holdfast/pipeline';
import { createRedisScript, type RedisClient, type RedisScript } from '@holdfast/pipeline/redis';
import type { LeaseFilter, LeaseStore } from '../leases/lease-store.ts';
import { joinLease, type LeaseProgress } from '../leases/lease-terms.ts';
import type { Lease, LeaseChange } from '../leases/lease.ts';
import { SCRIPTS } from './lease-scripts.ts';

/** Options of {@link redisLeases}. */
export interface RedisLeasesOptions {
  /** A connected client: `ioredis` or `redis` (node-redis), single or cluster. Its owner closes it. */
  readonly client: RedisClient;
  /** What all keys in Redis begin with; the part in braces puts them into one slot. Default `{holdfast:leases}`. */
  readonly prefix?: string | undefined;
}

const rules: Rules<RedisLeasesOptions> = {
  client: either(having('eval', 'evalsha'), having('eval', 'evalSha')),
  prefix: (value) =>
    typeof value === 'string' && /\{[^{}]+\}/.test(value)
      ? undefined
      : 'must be a string with a part in braces, such as {leases}',
};
const defaults = { prefix: '{holdfast:leases}' } satisfies Partial<RedisLeasesOptions>;

/** How many leases one look at a list takes, of which a filter may leave few. */
const PAGE = 200;

/**
 * Makes a store of leases in Redis, for several brokers that share them. All leases are in one slot, so that each change
 * is one script. They survive what Redis survives: with `appendfsync everysec` a crash takes the last second, and with it
 * the memory that a handle was used. Where that matters use PostgreSQL, or `appendfsync always` without failover.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { redisLeases } from '@holdfast/credential-broker/redis';
 * import { Redis } from 'ioredis';
 *
 * const leases = redisLeases({ client: new Redis('redis://127.0.0.1:6379', { lazyConnect: true }) });
 * ```
 */
export function redisLeases(options: RedisLeasesOptions): LeaseStore {
  const { client, prefix } = readOptions('redisLeases', options, rules, defaults);
  check('redisLeases: client', client, rules.client);
  return new RedisLeases(client, prefix);
}

/** A lease as the scripts give it. */
type StoredLease = readonly [terms: string, progress: string];

/** Numbers are texts here, for Lua would round great ones. */
function leaseOf([terms, progress]: StoredLease): Lease {
  const read = JSON.parse(progress) as Partial<Record<keyof LeaseProgress, string>>;
  return joinLease(terms, {
    state: read.state as Lease['state'],
    expiresAtMs: Number(read.expiresAtMs),
    handleHash: read.handleHash,
    tokenId: read.tokenId,
    backendRef: read.backendRef,
    version: Number(read.version),
  });
}

function isMeant(lease: Lease, { principal, prefix, parent }: LeaseFilter): boolean {
  return (
    (principal === undefined || lease.principal === principal) &&
    (prefix === undefined || lease.resource.ref.startsWith(prefix)) &&
    (parent === undefined || lease.parent === parent)
  );
}

class RedisLeases implements LeaseStore {
  private readonly keys: readonly string[];
  private readonly scripts: { readonly [K in keyof typeof SCRIPTS]: RedisScript };

  constructor(client: RedisClient, prefix: string) {
    const names = ['terms', 'changing', 'handles', 'tokens', 'due', 'over', 'ids', 'active'];
    this.keys = names.map((name) => `${prefix}:${name}`);
    const prepared = Object.entries(SCRIPTS).map(([name, source]) => [
      name,
      createRedisScript(client, source),
    ]);
    this.scripts = Object.fromEntries(prepared) as typeof this.scripts;
  }

  async insert(lease: Lease): Promise<void> {
    const { state, expiresAtMs, handleHash, tokenId, backendRef, version, ...terms } = lease;
    const changing = {
      state,
      expiresAtMs: String(expiresAtMs),
      version: String(version),
      handleHash,
      tokenId,
      backendRef,
    };
    const told = await this.run('insert', [
      ...[lease.id, JSON.stringify(terms), JSON.stringify(changing)],
      ...[lease.tenant, lease.resource.type],
    ]);
    if (told !== 'OK') throw new Error(`there is a lease with this ${String(told)}`);
  }

  find(id: string): Promise<Lease | undefined> {
    return this.first('id', id);
  }

  findByHandle(handleHash: string): Promise<Lease | undefined> {
    return this.first('handle', handleHash);
  }

  findByToken(tokenId: string): Promise<Lease | undefined> {
    return this.first('token', tokenId);
  }

  async change({ id, version }: Lease, change: LeaseChange): Promise<Lease | undefined> {
    const { expiresAtMs, ...rest } = change;
    const set = { ...rest, ...(expiresAtMs !== undefined && { expiresAtMs: String(expiresAtMs) }) };
    // JSON has no `undefined`, and what is cleared has to be said.
    const cleared = Object.entries(change).flatMap(([name, value]) => (value === undefined ? name : []));
    const told = await this.run('change', [id, version, JSON.stringify(set), cleared.join()]);
    if (typeof told === 'string') throw new Error(`there is a lease with this ${told}`);
    return told === null ? undefined : leaseOf(told as StoredLease);
  }

  async list(filter: LeaseFilter, after: string | undefined, limit: number): Promise<readonly Lease[]> {
    const found: Lease[] = [];
    for (let from = after; found.length < limit;) {
      const page = await this.leases('list', [filter.tenant, from ?? '', PAGE]);
      found.push(...page.filter((lease) => isMeant(lease, filter)));
      if (page.length < PAGE) break;
      from = page.at(-1)?.id;
    }
    return found.slice(0, limit);
  }

  due(byMs: number, limit: number): Promise<readonly Lease[]> {
    return this.leases('due', [byMs, limit]);
  }

  async forget(beforeMs: number): Promise<number> {
    let forgotten = 0;
    for (let count = PAGE; count === PAGE; forgotten += count) {
      count = Number(await this.run('forget', [beforeMs, PAGE]));
    }
    return forgotten;
  }

  async active(): Promise<Readonly<Record<string, number>>> {
    const flat = (await this.run('active', [])) as readonly string[];
    const counts: [string, number][] = [];
    for (let at = 0; at < flat.length; at += 2) counts.push([String(flat[at]), Number(flat[at + 1])]);
    return Object.fromEntries(counts.filter(([, count]) => count > 0));
  }

  async close(): Promise<void> {}

  private async first(by: 'id' | 'handle' | 'token', value: string): Promise<Lease | undefined> {
    const found = await this.run('find', [by, value]);
    return found === null ? undefined : leaseOf(found as StoredLease);
  }

  private async leases(
    script: 'list' | 'due',
    args: readonly (string | number)[],
  ): Promise<readonly Lease[]> {
    return ((await this.run(script, args)) as readonly StoredLease[]).map(leaseOf);
  }

  private run(script: keyof typeof SCRIPTS, args: readonly (string | number)[]): Promise<unknown> {
    return this.scripts[script].run(this.keys, args);
  }
}
