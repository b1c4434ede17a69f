import { memoryApprovals, type Approval, type ApprovalStore } from '@holdfast/credential-broker';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ApprovalBook } from '../../src/approvals/approval-book.ts';

const MINUTE = 60_000;

function anApproval(given: Partial<Approval> & Pick<Approval, 'id'>): Approval {
  return {
    tenant: 'acme',
    requester: 'agent-7',
    onBehalfOf: undefined,
    kind: 'third-party',
    requestHash: `hash of ${given.id}`,
    summary: {},
    state: 'pending',
    decidedBy: undefined,
    requestedAtMs: 0,
    expiresAtMs: MINUTE,
    ...given,
  };
}

const idsOf = (approvals: readonly Approval[]) => approvals.map(({ id }) => id);
const refused = (what: string) => ({
  code: 'ERR_BROKER_RATE_LIMITED',
  message: `too many requests of this ${what} wait for approval`,
});
const decide = (store: ApprovalStore, approval: Approval) =>
  store.change(approval, { state: 'approved', decidedBy: 'ann' });

describe('approvals in memory', () => {
  it('are found by id, by what was asked, and by tenant, in the order of their ids', async () => {
    const store = memoryApprovals();
    const [b, a, other, foreign] = [
      anApproval({ id: 'b' }),
      anApproval({ id: 'a' }),
      anApproval({ id: 'c', requester: 'agent-8', requestHash: 'hash of b' }),
      anApproval({ id: 'd', tenant: 'evil', requestHash: 'hash of b' }),
    ];
    for (const one of [b, a, other, foreign]) await store.insert(one);
    expect(await store.find('b')).toEqual(b);
    expect(await store.find('x')).toBeUndefined();
    expect(await store.findPending('acme', 'agent-7', 'hash of b')).toEqual(b);
    expect(await store.findPending('acme', 'agent-8', 'hash of b')).toEqual(other);
    expect(await store.findPending('evil', 'agent-7', 'hash of b')).toEqual(foreign);
    expect(await store.findPending('acme', 'agent-7', 'hash of c')).toBeUndefined();
    expect(idsOf(await store.list('acme', undefined, 10))).toEqual(['a', 'b', 'c']);
    expect(idsOf(await store.list('acme', 'a', 1))).toEqual(['b']);
    expect(await store.list('nobody', undefined, 10)).toEqual([]);
  });

  it('wait no longer once somebody has decided, which one does', async () => {
    const store = memoryApprovals();
    const approval = anApproval({ id: 'a' });
    await store.insert(approval);
    const decided = await decide(store, approval);
    expect(decided).toEqual({ ...approval, state: 'approved', decidedBy: 'ann' });
    expect(await decide(store, approval)).toBeUndefined();
    expect(await store.find('a')).toEqual(decided);
    expect(await store.list('acme', undefined, 10)).toEqual([]);
    expect(await store.findPending('acme', 'agent-7', 'hash of a')).toBeUndefined();
    expect(await decide(store, anApproval({ id: 'x' }))).toBeUndefined();
  });

  it('are not more for one principal, or one tenant, than there may be', async () => {
    const store = memoryApprovals({ maxPerPrincipal: 2, maxPerTenant: 3 });
    const [first] = [anApproval({ id: 'a' }), anApproval({ id: 'b' })];
    await store.insert(first);
    await store.insert(anApproval({ id: 'b' }));
    await expect(store.insert(anApproval({ id: 'c' }))).rejects.toMatchObject(refused('principal'));
    await store.insert(anApproval({ id: 'd', requester: 'agent-8' }));
    await expect(store.insert(anApproval({ id: 'e', requester: 'agent-9' }))).rejects.toMatchObject({
      ...refused('tenant'),
      retryAfterMs: MINUTE,
    });
    await store.insert(anApproval({ id: 'f', tenant: 'other' }));
    expect(await store.find('c')).toBeUndefined();
    // Who has an answer may ask again.
    await decide(store, first);
    await store.insert(anApproval({ id: 'c' }));
    await expect(store.insert(anApproval({ id: 'g' }))).rejects.toMatchObject(refused('principal'));
  });

  it('say when the first of those that are in the way ends, whatever becomes of others', async () => {
    const store = memoryApprovals({ maxPerPrincipal: 2, maxPerTenant: 3 });
    const until = (id: string, minutes: number, given: Partial<Approval> = {}) =>
      anApproval({ id, expiresAtMs: minutes * MINUTE, ...given });
    const decided = until('a', 1);
    await store.insert(decided);
    await decide(store, decided);
    await store.insert(until('b', 2, { tenant: 'other' }));
    await store.insert(until('c', 3, { requester: 'agent-8' }));
    await store.insert(until('d', 5));
    await store.insert(until('e', 4));
    await expect(store.insert(until('f', 9))).rejects.toMatchObject({
      ...refused('principal'),
      retryAfterMs: 4 * MINUTE,
    });
    const late = until('g', 9, { requester: 'agent-9', requestedAtMs: MINUTE });
    await expect(store.insert(late)).rejects.toMatchObject({
      ...refused('tenant'),
      retryAfterMs: 2 * MINUTE,
    });
  });

  it('count no longer once their time is over, and are forgotten later', async () => {
    const store = memoryApprovals({ maxPerPrincipal: 1 });
    await store.insert(anApproval({ id: 'a' }));
    const later = { requestedAtMs: MINUTE - 1, expiresAtMs: 3 * MINUTE };
    await expect(store.insert(anApproval({ id: 'b', ...later }))).rejects.toMatchObject({
      ...refused('principal'),
      retryAfterMs: 1,
    });
    await store.insert(anApproval({ id: 'b', ...later, requestedAtMs: MINUTE }));
    expect(idsOf(await store.list('acme', undefined, 10))).toEqual(['b']);
    expect((await store.find('a'))?.state).toBe('pending');
    expect(await store.forget(MINUTE)).toBe(0);
    expect(await store.forget(MINUTE + 1)).toBe(1);
    expect(await store.find('a')).toBeUndefined();
    expect(await store.forget(4 * MINUTE)).toBe(1);
    expect(await store.list('acme', undefined, 10)).toEqual([]);
    await store.insert(anApproval({ id: 'c' }));
  });

  it('leave nothing behind once they are forgotten', () => {
    const book = new ApprovalBook({ maxPerPrincipal: 10, maxPerTenant: 10 });
    for (const tenant of ['acme', 'other']) {
      for (const requester of ['a', 'b'])
        book.insert(anApproval({ id: tenant + requester, tenant, requester }));
    }
    book.change(anApproval({ id: 'acmea', requester: 'a' }), { state: 'denied', decidedBy: 'ann' });
    expect(book.forget(MINUTE + 1)).toBe(4);
    const sizes = Object.values(book).flatMap((part: unknown) => (part instanceof Map ? [part.size] : []));
    expect(sizes).toEqual([0, 0, 0]);
  });

  it('are as many as there may be by default, and options are checked', async () => {
    const store = memoryApprovals();
    for (let at = 0; at < 100; at++) await store.insert(anApproval({ id: `${at}` }));
    await expect(store.insert(anApproval({ id: '100' }))).rejects.toMatchObject(refused('principal'));
    expect(() => memoryApprovals({ maxPerPrincipal: 0 })).toThrow(
      'maxPerPrincipal must be an integer >= 1, got 0',
    );
    expect(() => memoryApprovals({ maxPerTenant: 0 })).toThrow('maxPerTenant must be an integer >= 1, got 0');
  });

  it('are those that a walk over all of them finds, whatever happens', async () => {
    const who = { tenant: fc.constantFrom('a', 'b'), requester: fc.constantFrom('x', 'y') };
    const step = fc.oneof(
      fc.record({
        do: fc.constant('insert' as const),
        ...who,
        hash: fc.constantFrom('h', 'i'),
        forMs: fc.integer({ min: 1, max: 20 }),
      }),
      fc.record({ do: fc.constant('decide' as const), at: fc.nat(30) }),
      fc.record({ do: fc.constant('forget' as const), agoMs: fc.nat(20) }),
      fc.record({ do: fc.constant('pass' as const), ms: fc.nat(10) }),
    );
    let refusals = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
        const store = memoryApprovals({ maxPerPrincipal: 2, maxPerTenant: 3 });
        let nowMs = 0;
        let all: Approval[] = [];
        const waiting = (tenant: string) =>
          all.filter((one) => one.tenant === tenant && one.state === 'pending' && one.expiresAtMs > nowMs);
        for (const [at, one] of steps.entries()) {
          if (one.do === 'insert') {
            const { tenant, requester, hash: requestHash, forMs } = one;
            const approval = anApproval({
              id: `${(at * 7) % 40}`.padStart(2, '0'),
              ...{ tenant, requester, requestHash, requestedAtMs: nowMs, expiresAtMs: nowMs + forMs },
            });
            const own = waiting(tenant).filter((other) => other.requester === requester);
            if (own.length >= 2 || waiting(tenant).length >= 3) {
              refusals++;
              await expect(store.insert(approval)).rejects.toMatchObject({ code: 'ERR_BROKER_RATE_LIMITED' });
            } else {
              await store.insert(approval);
              all.push(approval);
            }
          } else if (one.do === 'decide') {
            const found = all[one.at];
            if (found === undefined) continue;
            const changed = await decide(store, found);
            expect(changed?.state).toBe('approved');
            all[one.at] = changed ?? found;
          } else if (one.do === 'forget') {
            const rest = all.filter(({ expiresAtMs }) => expiresAtMs >= nowMs - one.agoMs);
            expect(await store.forget(nowMs - one.agoMs)).toBe(all.length - rest.length);
            all = rest;
          } else {
            nowMs += one.ms;
          }
          for (const tenant of ['a', 'b']) {
            // What is over may still be told of; whoever reads it sees that it is.
            const listed = (await store.list(tenant, undefined, 100)).filter(
              ({ expiresAtMs }) => expiresAtMs > nowMs,
            );
            expect(idsOf(listed)).toEqual(idsOf(waiting(tenant)).toSorted());
          }
        }
        for (const one of all) expect(await store.find(one.id)).toEqual(one);
      }),
      { numRuns: 200 },
    );
    expect(refusals).toBeGreaterThan(20);
  });
});
