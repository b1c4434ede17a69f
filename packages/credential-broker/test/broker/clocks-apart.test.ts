import { memoryLeases } from '@holdfast/credential-broker';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { isGoodAt } from '../../src/leases/is-good-at.ts';
import { aLease } from '../leases/a-lease.ts';
import { aBroker, AGENT, ask, expectCode } from './rig.ts';

/** Two brokers with one store, the clock of the first so far ahead. */
function twoBrokers(aheadMs: number) {
  const leases = memoryLeases();
  const clock = manualClock();
  clock.jumpWall(aheadMs);
  const fast = aBroker({ oneTime: false }, { leases, clock });
  const slow = aBroker({ oneTime: false }, { leases });
  return { fast: fast.broker, slow: slow.broker };
}

describe('a lease of a process whose clock is ahead', () => {
  it('is good where it is no more than a minute', async () => {
    const { fast, slow } = twoBrokers(60_000);
    const { handle = '' } = await fast.issue(ask('vault'));
    expect((await slow.redeem(handle, AGENT)).credential).toBeDefined();
  });

  it('gives nothing where it is more, not even narrower or for longer', async () => {
    const { fast, slow } = twoBrokers(60_001);
    const { handle = '', leaseId } = await fast.issue(ask('vault'));
    await expectCode(slow.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
    await expectCode(slow.attenuate(handle, AGENT, {}), 'ERR_BROKER_UNKNOWN');
    await expectCode(slow.renew(leaseId, AGENT, 900), 'ERR_BROKER_UNKNOWN');
    expect(await slow.introspect(handle, AGENT)).toEqual({ active: false });
    expect((await fast.redeem(handle, AGENT)).credential).toBeDefined();
    expect(await slow.revoke({ leaseId }, AGENT)).toBe(1);
    await expectCode(fast.redeem(handle, AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('gives nothing by way of what was made from it', async () => {
    const { fast, slow } = twoBrokers(3_600_000);
    const { handle = '' } = await fast.issue(ask('vault'));
    const narrower = await fast.attenuate(handle, AGENT, {});
    await expectCode(slow.redeem(narrower.handle ?? '', AGENT), 'ERR_BROKER_UNKNOWN');
  });

  it('lives for its time and a minute by the clock of the other, at most', () => {
    const lease = aLease({ id: 'a', issuedAtMs: 3_600_000, expiresAtMs: 3_900_000 });
    const seconds = Array.from({ length: 5_000 }, (_, at) => at * 1_000);
    expect(seconds.filter((atMs) => isGoodAt(lease, atMs))).toHaveLength(360);
  });
});

it.each([
  [{}, 300_999, true],
  [{}, 301_000, false],
  [{}, 0, true],
  [{ issuedAtMs: 60_001 }, 0, false],
  [{ issuedAtMs: 60_001 }, 1, true],
  [{ state: 'revoked' as const }, 2_000, false],
  [{ expiresAtMs: NaN }, 2_000, false],
])('a lease with %j is good at %d: %j', (given, nowMs, isGood) => {
  expect(isGoodAt(aLease({ id: 'a', ...given }), nowMs)).toBe(isGood);
});
