import type { Lease, LeaseChange, LeaseStore } from '@holdfast/credential-broker';
import fc from 'fast-check';
import { expect } from 'vitest';
import { aLease } from './a-lease.ts';
import type { OpenedLeaseStore } from './lease-store-contract.ts';

/** Something to ask of a store. */
export type LeaseCommand =
  | { readonly do: 'insert'; readonly lease: Lease }
  | { readonly do: 'change'; readonly id: string; readonly stale: boolean; readonly change: LeaseChange }
  | {
      readonly do: 'list';
      readonly filter: object;
      readonly after: string | undefined;
      readonly limit: number;
    }
  | { readonly do: 'due'; readonly byMs: number; readonly limit: number }
  | { readonly do: 'forget'; readonly beforeMs: number }
  | { readonly do: 'reopen' };

const few = (...words: readonly string[]) => fc.constantFrom(...words);
const id = few('a', 'b', 'c', 'd', 'e', 'f');
const maybe = (...words: readonly string[]) => fc.option(few(...words), { nil: undefined, freq: 1 });
const when = fc.integer({ min: 0, max: 8 });
const limit = fc.integer({ min: 1, max: 4 });

const lease = fc
  .record({
    id,
    tenant: few('t', 'u'),
    principal: few('p', 'q'),
    type: fc.constantFrom('api' as const, 'ssh' as const),
    ref: few('x://a', 'x://ab', 'x://b'),
    handleHash: maybe('h1', 'h2', 'h3'),
    tokenId: maybe('t1', 't2'),
    parent: maybe('a', 'b'),
    expiresAtMs: when,
  })
  .map(({ type, ref, ...rest }) => aLease({ resource: { type, ref }, ...rest }));

const change: fc.Arbitrary<LeaseChange> = fc.record(
  {
    state: fc.constantFrom('active' as const, 'consumed' as const, 'revoked' as const, 'expired' as const),
    expiresAtMs: when,
    backendRef: maybe('r1'),
    handleHash: maybe('h1', 'h4'),
    tokenId: maybe('t1', 't3'),
  },
  { requiredKeys: [] },
);
const filter = fc.record(
  { principal: few('p', 'q'), prefix: few('x://', 'x://a', 'x://b'), parent: few('a', 'b') },
  { requiredKeys: [] },
);

/** What may be asked of a store, one thing after the other. */
export const leaseCommands: fc.Arbitrary<readonly LeaseCommand[]> = fc.array(
  fc.oneof(
    { weight: 4, arbitrary: fc.record({ do: fc.constant('insert' as const), lease }) },
    {
      weight: 4,
      arbitrary: fc.record({ do: fc.constant('change' as const), id, stale: fc.boolean(), change }),
    },
    {
      weight: 2,
      arbitrary: fc.record({ do: fc.constant('list' as const), filter, after: maybe('a', 'c', 'z'), limit }),
    },
    { weight: 2, arbitrary: fc.record({ do: fc.constant('due' as const), byMs: when, limit }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('forget' as const), beforeMs: when }) },
    { weight: 1, arbitrary: fc.record({ do: fc.constant('reopen' as const) }) },
  ),
  { maxLength: 40 },
);

const byId = (a: Lease, b: Lease) => (a.id < b.id ? -1 : 1);

/** A store that looks at every lease for every question. */
class NaiveStore {
  leases: Lease[] = [];

  clashes({ id: own, handleHash, tokenId }: Lease): boolean {
    return this.leases.some(
      (other) =>
        other.id !== own &&
        ((handleHash !== undefined && other.handleHash === handleHash) ||
          (tokenId !== undefined && other.tokenId === tokenId)),
    );
  }

  get active(): readonly Lease[] {
    return this.leases.filter(({ state }) => state === 'active');
  }

  list(wanted: Record<string, string>, tenant: string): readonly Lease[] {
    return this.active
      .filter((one) => one.tenant === tenant)
      .filter(({ principal }) => wanted['principal'] === undefined || principal === wanted['principal'])
      .filter(({ resource }) => resource.ref.startsWith(wanted['prefix'] ?? ''))
      .filter(({ parent }) => wanted['parent'] === undefined || parent === wanted['parent'])
      .sort(byId);
  }
}

async function run(store: LeaseStore, model: NaiveStore, command: Exclude<LeaseCommand, { do: 'reopen' }>) {
  switch (command.do) {
    case 'insert': {
      const known = model.leases.some((one) => one.id === command.lease.id) || model.clashes(command.lease);
      if (known) return expect(store.insert(command.lease)).rejects.toThrow();
      model.leases.push(command.lease);
      return store.insert(command.lease);
    }
    case 'change': {
      const at = model.leases.findIndex((one) => one.id === command.id);
      const found = model.leases[at] ?? aLease({ id: command.id });
      const read = command.stale ? { ...found, version: found.version + 1 } : found;
      if (at === -1 || command.stale || found.state !== 'active') {
        return expect(await store.change(read, command.change)).toBeUndefined();
      }
      const changed = { ...found, ...command.change, version: found.version + 1 };
      if (model.clashes(changed)) return expect(store.change(read, command.change)).rejects.toThrow();
      model.leases[at] = changed;
      return expect(await store.change(read, command.change)).toEqual(changed);
    }
    case 'list':
      for (const tenant of ['t', 'u']) {
        const expected = model
          .list(command.filter as Record<string, string>, tenant)
          .filter((one) => command.after === undefined || one.id > command.after);
        const found = await store.list({ tenant, ...command.filter }, command.after, command.limit);
        expect(found).toEqual(expected.slice(0, command.limit));
      }
      return;
    case 'due': {
      const due = model.active.filter((one) => one.expiresAtMs <= command.byMs);
      const found = await store.due(command.byMs, command.limit);
      // Of leases that end at the same time any may come first.
      const ends = due.map((one) => one.expiresAtMs).sort((a, b) => a - b);
      expect(found.map((one) => one.expiresAtMs)).toEqual(ends.slice(0, command.limit));
      for (const one of found) expect(due).toContainEqual(one);
      return expect(new Set(found.map((one) => one.id)).size).toBe(found.length);
    }
    case 'forget': {
      const rest = model.leases.filter(
        (one) => one.state === 'active' || one.expiresAtMs >= command.beforeMs,
      );
      const forgotten = model.leases.length - rest.length;
      model.leases = rest;
      return expect(await store.forget(command.beforeMs)).toBe(forgotten);
    }
  }
}

/** Asks a store and a naive one the same, and compares what they say. */
export async function runLeaseModel(
  opened: OpenedLeaseStore,
  commands: readonly LeaseCommand[],
): Promise<void> {
  const model = new NaiveStore();
  let { store } = opened;
  for (const command of commands) {
    if (command.do === 'reopen') store = (await opened.reopen?.()) ?? store;
    else await run(store, model, command);
  }
  for (const lease of model.leases) {
    expect(await store.find(lease.id)).toEqual(lease);
    if (lease.handleHash !== undefined) expect(await store.findByHandle(lease.handleHash)).toEqual(lease);
    if (lease.tokenId !== undefined) expect(await store.findByToken(lease.tokenId)).toEqual(lease);
  }
  const counts: Record<string, number> = {};
  for (const { resource } of model.active) counts[resource.type] = (counts[resource.type] ?? 0) + 1;
  expect(await store.active()).toEqual(counts);
}
