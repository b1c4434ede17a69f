import { BackendError, type BrokerAuditEvent, type Grant } from '@holdfast/credential-broker';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { aBroker, AGENT, ask } from './rig.ts';

type Step =
  | {
      readonly do: 'issue';
      readonly scheme: 'db' | 'vault';
      readonly oneTime: boolean;
      readonly disclose: boolean;
    }
  | { readonly do: 'redeem' | 'attenuate' | 'renew' | 'revoke'; readonly which: number }
  | { readonly do: 'revoke-all' }
  | { readonly do: 'advance'; readonly seconds: number }
  | { readonly do: 'backend' | 'audit'; readonly up: boolean };

const which = fc.nat(6);
const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('issue' as const),
      scheme: fc.constantFrom('db' as const, 'vault' as const),
      oneTime: fc.boolean(),
      disclose: fc.constantFrom(false, false, false, true),
    }),
  },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constantFrom(
        'redeem' as const,
        'redeem' as const,
        'attenuate' as const,
        'renew' as const,
        'revoke' as const,
      ),
      which,
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('revoke-all' as const) }) },
  {
    weight: 2,
    arbitrary: fc.record({ do: fc.constant('advance' as const), seconds: fc.integer({ min: 1, max: 400 }) }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constantFrom('backend' as const, 'audit' as const),
      up: fc.constantFrom(true, true, false),
    }),
  },
);

/** A broker, what it gave, and what must never be given again. */
class Play {
  readonly log: BrokerAuditEvent[] = [];
  private auditUp = true;
  readonly rig = aBroker(
    { oneTime: false },
    {
      audit: {
        append: async (event) => {
          await Promise.resolve();
          if (!this.auditUp) throw new Error('down');
          this.log.push(event);
        },
      },
    },
  );
  readonly grants: { readonly grant: Grant; readonly oneTime: boolean; readonly parent?: string }[] = [];
  /** When it was known that a lease is over: whatever is asked after that must fail. */
  private readonly dead = new Set<string>();
  private readonly uses = new Map<string, number>();
  given = 0;

  async act(one: Step): Promise<void> {
    const { clock, db } = this.rig;
    if (one.do === 'advance') return clock.advance(one.seconds * 1_000);
    if ('up' in one) {
      if (one.do === 'audit') this.auditUp = one.up;
      else db.failing = one.up ? undefined : new BackendError('unavailable', 'down');
      return;
    }
    try {
      await this.call(one);
    } catch (error) {
      expect(error).toMatchObject({ code: expect.stringMatching(/^ERR_BROKER_/) as string });
    }
  }

  private async call(one: Exclude<Step, { up: boolean } | { seconds: number }>): Promise<void> {
    const { broker } = this.rig;
    if (one.do === 'issue') {
      const { scheme, oneTime, disclose } = one;
      const grant = await broker.issue(ask(scheme, { oneTime, mode: disclose ? 'disclose' : 'reference' }));
      this.grants.push({ grant, oneTime });
    } else if (one.do === 'revoke-all') {
      const all = this.grants.map(({ grant }) => grant.leaseId);
      await broker.revoke({ principal: AGENT.id }, AGENT);
      for (const id of all) this.dead.add(id);
    } else {
      await this.use(one.do, one.which);
    }
  }

  private async use(what: 'redeem' | 'attenuate' | 'renew' | 'revoke', which: number): Promise<void> {
    const { broker, clock } = this.rig;
    const chosen = this.grants[which % Math.max(1, this.grants.length)];
    if (chosen === undefined) return;
    const { grant, oneTime } = chosen;
    const { leaseId, handle = '' } = grant;
    const isDead = this.isDead(leaseId);
    if (what === 'revoke') {
      await broker.revoke({ leaseId }, AGENT);
      this.dead.add(leaseId);
    } else if (what === 'redeem') {
      const redeemed = await broker.redeem(handle, AGENT);
      this.given++;
      const count = (this.uses.get(leaseId) ?? 0) + 1;
      this.uses.set(leaseId, count);
      expect(isDead).toBe(false);
      expect(redeemed.expiresAtMs).toBeGreaterThan(clock.wallNow());
      if (oneTime) expect(count).toBe(1);
    } else if (what === 'attenuate') {
      const child = await broker.attenuate(handle, AGENT, {});
      expect(isDead).toBe(false);
      this.grants.push({ grant: child, oneTime, parent: leaseId });
    } else {
      const { expiresAtMs } = await broker.renew(leaseId, AGENT);
      expect(isDead).toBe(false);
      expect(expiresAtMs).toBeLessThanOrEqual(grant.issuedAtMs + 900_000);
    }
  }

  private isDead(leaseId: string): boolean {
    if (this.dead.has(leaseId)) return true;
    const parent = this.grants.find(({ grant }) => grant.leaseId === leaseId)?.parent;
    return parent !== undefined && this.isDead(parent);
  }

  /** Lets everything work again, and time pass: nothing may be left. */
  async end(): Promise<void> {
    const { broker, clock, db, leases } = this.rig;
    this.auditUp = true;
    db.failing = undefined;
    for (let count = 0; count < 30; count++) await clock.advance(100_000);
    expect([...db.alive.keys()]).toEqual([]);
    expect(await leases.active()).toEqual({});
    expect(Object.values(broker.stats().active).filter((count) => count !== 0)).toEqual([]);
    await clock.advance(7_200_000);
    expect(clock.pendingTimers).toBe(0);
    const redeemed = this.log.filter(
      ({ action, outcome }) => action === 'credential.redeemed' && outcome === 'success',
    );
    expect(redeemed).toHaveLength(this.given);
    await broker.close();
  }
}

it('whatever is asked at once, and whatever fails: what ended gives nothing, one use is one, and nothing is left', async () => {
  let given = 0;
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.array(step, { minLength: 1, maxLength: 4 }), { minLength: 4, maxLength: 25 }),
      async (turns) => {
        const play = new Play();
        for (const turn of turns) await Promise.all(turn.map((one) => play.act(one)));
        await play.end();
        given += play.given;
      },
    ),
    { numRuns: 150 },
  );
  expect(given).toBeGreaterThan(50);
});
