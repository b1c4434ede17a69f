import {
  generateSigningKey,
  generateWorkloadKey,
  keyRing,
  memoryApprovals,
  type Approval,
  type CredentialRequest,
  type Principal,
} from '@holdfast/credential-broker';
import { describe, expect, it } from 'vitest';
import {
  aBroker,
  AGENT,
  ANN,
  ask,
  expectCode,
  refusal,
  STRANGER,
  WORKER,
  thumbprint,
} from '../broker/rig.ts';

const BOB: Principal = { id: 'bob', tenant: 'acme', type: 'user' };
const TOKENS = { keys: keyRing({ signing: [generateSigningKey()] }), issuer: 'https://broker.example' };
const third = { approval: 'third-party' } as const;

async function pending(rig: ReturnType<typeof aBroker>, request: CredentialRequest): Promise<string> {
  const error = await refusal(rig.broker.issue(request));
  expect(error.code).toBe('ERR_BROKER_APPROVAL_REQUIRED');
  return error.approvalId ?? '';
}

describe('a request that needs approval', () => {
  it('is given once somebody else has approved exactly it', async () => {
    const rig = aBroker(third);
    const { broker, events, log, vault } = rig;
    const approvalId = await pending(rig, ask('vault', { reason: 'ticket 7' }));
    expect(vault.asked).toEqual([]);
    expect(await broker.approvals.list(ANN)).toMatchObject([
      {
        id: approvalId,
        requester: 'agent-7',
        state: 'pending',
        summary: { resource: 'vault://prod/orders', scope: 'read', reason: 'ticket 7' },
      },
    ]);
    await broker.approvals.approve(approvalId, ANN);
    expect(await broker.approvals.list(ANN)).toEqual([]);
    const grant = await broker.issue(ask('vault', { reason: 'ticket 7', approvalId }));
    await broker.redeem(grant.handle ?? '', AGENT);
    const states = events.flatMap((event) => (event.type === 'approval' ? [event.state] : []));
    expect(states).toEqual(['pending', 'approved', 'used']);
    expect(log.map(({ action }) => action)).toEqual([
      'approval.requested',
      'approval.approved',
      'credential.issued',
      'credential.redeemed',
    ]);
    expect(log[1]).toMatchObject({ actor: { id: 'ann' }, details: { requester: 'agent-7' } });
    expect(log[2]?.details).toMatchObject({ approvalId });
  });

  it('tells who decides all that would be given: for how long, how often, to which keys, and what for', async () => {
    const rig = aBroker({ ...third, ttlSeconds: 1_200, maxTtlSeconds: 3_600 }, { tokens: TOKENS });
    const key = generateWorkloadKey().jwk;
    const parameters = { publicKey: 'ssh-ed25519 AAAA\n', comment: 'a "b"' };
    const first = await pending(rig, ask('vault', { parameters, keyThumbprint: thumbprint('jkt') }));
    const second = await pending(
      rig,
      ask('vault', { mode: 'sealed', sealTo: key, principal: WORKER, redeemer: 'worker-2' }),
    );
    expect((await rig.broker.approvals.find(first, ANN)).summary).toEqual({
      principal: 'agent-7',
      resource: 'vault://prod/orders',
      type: 'api',
      scope: 'read',
      mode: 'reference',
      redeemer: 'agent-7',
      ttlSeconds: '900',
      maxTtlSeconds: '3600',
      oneTime: 'true',
      keyThumbprint: thumbprint('jkt'),
      parameters: String.raw`{"publicKey":"ssh-ed25519 AAAA\n","comment":"a \"b\""}`,
    });
    expect((await rig.broker.approvals.find(second, ANN)).summary).toEqual({
      principal: 'worker-1',
      resource: 'vault://prod/orders',
      type: 'api',
      scope: 'read',
      mode: 'sealed',
      redeemer: 'worker-2',
      ttlSeconds: '1200',
      maxTtlSeconds: '3600',
      oneTime: 'true',
      sealTo: (key as { kid?: string }).kid,
    });
    const asked = ask('vault', { ttlSeconds: 60, reason: 'ticket 7', audience: 'https://db' });
    const often = aBroker({ ...third, oneTime: false });
    const third_ = await pending(often, asked);
    expect((await often.broker.approvals.find(third_, ANN)).summary).toMatchObject({
      ttlSeconds: '60',
      oneTime: 'false',
      reason: 'ticket 7',
      audience: 'https://db',
    });
    // Of parameters the log keeps no more than that the consent was to them: they may be larger than what it takes.
    expect(rig.log[0]?.details).toMatchObject({ ttlSeconds: '900', keyThumbprint: thumbprint('jkt') });
    expect(rig.log[0]?.details).not.toHaveProperty('parameters');
  });

  it('is given once: of 100 at once one is, and none later', async () => {
    const rig = aBroker(third);
    const { broker } = rig;
    const approvalId = await pending(rig, ask('vault'));
    await broker.approvals.approve(approvalId, ANN);
    const again = () => broker.issue(ask('vault', { approvalId }));
    const results = await Promise.allSettled(Array.from({ length: 100 }, again));
    expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
    await expectCode(again(), 'ERR_BROKER_APPROVAL_INVALID');
  });

  it.each<[string, Partial<CredentialRequest>]>([
    ['resource', { resource: { type: 'api', ref: 'vault://prod/payroll' } }],
    ['type', { resource: { type: 'generic', ref: 'vault://prod/orders' } }],
    ['scope', { scope: ['read', 'write'] }],
    ['audience', { audience: 'https://evil' }],
    ['mode', { mode: 'disclose' }],
    ['ttl', { ttlSeconds: 900 }],
    ['redeemer', { redeemer: 'worker-1' }],
    ['key', { keyThumbprint: thumbprint('evil') }],
    ['number of uses', { oneTime: false }],
    ['reason', { reason: 'another' }],
    ['parameters', { parameters: { publicKey: 'evil' } }],
    ['person', { principal: { ...AGENT, onBehalfOf: 'eve' } }],
  ])('is refused when its %s is another than what was approved', async (_, change) => {
    const rig = aBroker(third);
    const approvalId = await pending(rig, ask('vault', { ttlSeconds: 300 }));
    await rig.broker.approvals.approve(approvalId, ANN);
    const request = { ...ask('vault', { ttlSeconds: 300 }), ...change, approvalId };
    await expectCode(rig.broker.issue(request), 'ERR_BROKER_APPROVAL_INVALID');
    // What was approved still is.
    await rig.broker.issue(ask('vault', { ttlSeconds: 300, approvalId }));
  });

  it('may say its scopes and roles in another order', async () => {
    const rig = aBroker(third);
    const principal = { ...AGENT, roles: ['a', 'b'] };
    const approvalId = await pending(rig, ask('vault', { principal, scope: ['read', 'write'] }));
    await rig.broker.approvals.approve(approvalId, ANN);
    const same = { principal: { ...AGENT, roles: ['b', 'a'] }, scope: ['write', 'read'] };
    await rig.broker.issue(ask('vault', { ...same, approvalId }));
  });

  it('may say its parameters in another order', async () => {
    const rig = aBroker(third);
    const approvalId = await pending(rig, ask('vault', { parameters: { a: '1', b: '2', c: '3' } }));
    await rig.broker.approvals.approve(approvalId, ANN);
    const other = ask('vault', { approvalId, parameters: { c: '3', a: '2', b: '1' } });
    await expectCode(rig.broker.issue(other), 'ERR_BROKER_APPROVAL_INVALID');
    await rig.broker.issue(ask('vault', { approvalId, parameters: { c: '3', b: '2', a: '1' } }));
  });

  it('is shown as it was asked, and nothing else', async () => {
    const rig = aBroker(third);
    const shown = async (request: CredentialRequest) =>
      (await rig.broker.approvals.find(await pending(rig, request), ANN)).summary;
    const least = {
      principal: AGENT.id,
      resource: 'vault://prod/orders',
      type: 'api',
      scope: 'read',
      mode: 'reference',
      redeemer: AGENT.id,
      ttlSeconds: '300',
      maxTtlSeconds: '900',
      oneTime: 'true',
    };
    expect(await shown(ask('vault'))).toEqual(least);
    const more = { audience: 'https://db', ttlSeconds: 120, reason: 'ticket 7', scope: ['read', 'list'] };
    expect(await shown(ask('vault', { ...more, redeemer: WORKER.id }))).toEqual({
      ...least,
      ...{ audience: 'https://db', ttlSeconds: '120', reason: 'ticket 7' },
      ...{ scope: 'read list', redeemer: WORKER.id },
    });
  });

  it('is refused when the policy has changed since', async () => {
    const rig = aBroker(third);
    const approvalId = await pending(rig, ask('vault'));
    await rig.broker.approvals.approve(approvalId, ANN);
    const changed = aBroker({ ...third, maxTtlSeconds: 600 }, { approvals: rig.approvals });
    await expectCode(changed.broker.issue(ask('vault', { approvalId })), 'ERR_BROKER_APPROVAL_INVALID');
  });

  it('is refused when its approval was denied, or is over', async () => {
    const rig = aBroker(third, { approvalMs: 60_000 });
    const { broker, clock } = rig;
    const denied = await pending(rig, ask('vault', { reason: 'a' }));
    await broker.approvals.deny(denied, ANN);
    await expectCode(
      broker.issue(ask('vault', { reason: 'a', approvalId: denied })),
      'ERR_BROKER_APPROVAL_INVALID',
    );
    await expectCode(broker.approvals.approve(denied, ANN), 'ERR_BROKER_APPROVAL_INVALID');
    const late = await pending(rig, ask('vault', { reason: 'b' }));
    await broker.approvals.approve(late, ANN);
    const undecided = await pending(rig, ask('vault', { reason: 'c' }));
    await clock.advance(60_000);
    await expectCode(
      broker.issue(ask('vault', { reason: 'b', approvalId: late })),
      'ERR_BROKER_APPROVAL_INVALID',
    );
    await expectCode(broker.approvals.approve(undecided, ANN), 'ERR_BROKER_APPROVAL_INVALID');
    expect(await broker.approvals.list(ANN)).toEqual([]);
    expect((await broker.approvals.find(undecided, AGENT)).state).toBe('expired');
  });

  it('that is repeated waits for the same approval, and for a new one when that is over', async () => {
    const rig = aBroker(third, { approvalMs: 60_000 });
    const first = await pending(rig, ask('vault'));
    expect(await pending(rig, ask('vault'))).toBe(first);
    expect(await pending(rig, ask('vault', { approvalId: first }))).toBe(first);
    expect(await pending(rig, ask('vault', { reason: 'other' }))).not.toBe(first);
    await rig.clock.advance(60_000);
    expect(await pending(rig, ask('vault'))).not.toBe(first);
  });
});

describe('who approves', () => {
  it('is neither the one who asked, nor the person for whom, nor anybody who acts for either', async () => {
    const rig = aBroker(third, { mayApprove: () => true });
    const principal = { ...AGENT, onBehalfOf: 'ann' };
    const id = await pending(rig, ask('vault', { principal }));
    const involved: Principal[] = [
      AGENT,
      { ...AGENT, type: 'user' },
      ANN,
      { ...WORKER, onBehalfOf: 'ann' },
      { ...WORKER, onBehalfOf: 'agent-7' },
    ];
    for (const approver of involved) {
      await expectCode(rig.broker.approvals.approve(id, approver), 'ERR_BROKER_UNKNOWN');
      expect(await rig.broker.approvals.list(approver)).toEqual([]);
    }
    expect(rig.log.at(-1)).toMatchObject({ action: 'approval.approved', outcome: 'denied' });
    expect((await rig.broker.approvals.approve(id, BOB)).decidedBy).toBe('bob');
  });

  it('is not the one who would get it', async () => {
    const rig = aBroker(third);
    const id = await pending(rig, ask('vault', { redeemer: ANN.id }));
    for (const approver of [ANN, { ...BOB, onBehalfOf: ANN.id }]) {
      await expectCode(rig.broker.approvals.approve(id, approver), 'ERR_BROKER_UNKNOWN');
    }
    await rig.broker.approvals.approve(id, BOB);
  });

  it('is a user unless told otherwise', async () => {
    const rig = aBroker(third);
    const id = await pending(rig, ask('vault'));
    await expectCode(rig.broker.approvals.approve(id, WORKER), 'ERR_BROKER_UNKNOWN');
    await rig.broker.approvals.approve(id, ANN);
  });

  it('finds what is foreign and what is made up alike', async () => {
    const rig = aBroker(third);
    const id = await pending(rig, ask('vault'));
    const eve: Principal = { ...BOB, tenant: 'evil' };
    const answers = await Promise.all(
      [id, 'made-up', ''].flatMap((one) => [
        refusal(rig.broker.approvals.approve(one, eve)),
        refusal(rig.broker.approvals.deny(one, eve)),
        refusal(rig.broker.approvals.find(one, eve)),
      ]),
    );
    expect(new Set(answers.map(({ code, message }) => code + message)).size).toBe(1);
    expect(await rig.broker.approvals.list(eve)).toEqual([]);
    await expectCode(
      rig.broker.issue(ask('vault', { principal: STRANGER, approvalId: id })),
      'ERR_BROKER_UNKNOWN',
    );
    await expectCode(
      rig.broker.issue(ask('vault', { principal: { ...AGENT, id: 'b' }, approvalId: id })),
      'ERR_BROKER_UNKNOWN',
    );
    expect((await rig.broker.approvals.find(id, AGENT)).state).toBe('pending');
  });

  it.each(['\ud800', `${'x'.repeat(63)}😀`])(
    'is told and written down of an id that no log takes: %j',
    async (id) => {
      const { broker, log } = aBroker(third);
      await expectCode(broker.approvals.approve(id, ANN), 'ERR_BROKER_UNKNOWN');
      expect(log.map(({ resource }) => resource.id)).toEqual([
        `${id.slice(0, 63).replace(/^\p{Cs}/u, '')}\ufffd`,
      ]);
    },
  );

  it('confirms for themselves where that is what the rule wants, and nobody else does', async () => {
    const rig = aBroker({ approval: 'self' });
    const { broker } = rig;
    const own = await pending(rig, ask('vault'));
    await expectCode(broker.approvals.approve(own, ANN), 'ERR_BROKER_UNKNOWN');
    expect((await broker.approvals.approve(own, AGENT)).kind).toBe('self');
    await broker.issue(ask('vault', { approvalId: own }));
    // Where an agent acts for a person, it is the person who confirms.
    const principal = { ...AGENT, onBehalfOf: 'ann' };
    const hers = await pending(rig, ask('vault', { principal }));
    await expectCode(broker.approvals.approve(hers, AGENT), 'ERR_BROKER_UNKNOWN');
    await broker.approvals.approve(hers, ANN);
    await broker.issue(ask('vault', { principal, approvalId: hers }));
  });

  it('gives no consent that the audit log did not take', async () => {
    let down = false;
    const audit = { append: () => (down ? Promise.reject(new Error('full')) : Promise.resolve()) };
    const rig = aBroker(third, { audit });
    const id = await pending(rig, ask('vault'));
    down = true;
    await expectCode(rig.broker.approvals.approve(id, ANN), 'ERR_BROKER_AUDIT');
    expect((await rig.broker.approvals.find(id, AGENT)).state).toBe('pending');
  });

  it('sees page by page what waits', async () => {
    const rig = aBroker(third);
    for (let count = 0; count < 5; count++) await pending(rig, ask('vault', { reason: `${count}` }));
    const first = await rig.broker.approvals.list(ANN, undefined, 3);
    const second = await rig.broker.approvals.list(ANN, first.at(-1)?.id, 3);
    expect([first.length, second.length]).toEqual([3, 2]);
    expect(new Set([...first, ...second].map(({ id }) => id)).size).toBe(5);
    // What somebody may not decide leaves no gap.
    const mayApprove = ({ id }: Principal, { summary }: Approval) =>
      id === 'ann' && summary['reason'] === '4';
    const choosy = aBroker(third, { approvals: rig.approvals, mayApprove });
    expect(await choosy.broker.approvals.list(ANN, undefined, 1)).toMatchObject([
      { summary: { reason: '4' } },
    ]);
    await expect(rig.broker.approvals.list(ANN, undefined, 0)).rejects.toThrow(
      'approvals.list: limit must be',
    );
  });
});

describe('requests that nobody answers', () => {
  it('do not pile up: of any number at once so many wait, and the others are refused in writing', async () => {
    const rig = aBroker(third, { approvals: memoryApprovals({ maxPerPrincipal: 3 }) });
    const results = await Promise.all(
      Array.from({ length: 50 }, (_, at) => refusal(rig.broker.issue(ask('vault', { reason: `${at}` })))),
    );
    const codes = results.map(({ code }) => code);
    expect(codes.filter((code) => code === 'ERR_BROKER_APPROVAL_REQUIRED')).toHaveLength(3);
    expect(codes.filter((code) => code === 'ERR_BROKER_RATE_LIMITED')).toHaveLength(47);
    expect(results.at(-1)?.retryAfterMs).toBe(900_000);
    expect(await rig.broker.approvals.list(ANN)).toHaveLength(3);
    expect(rig.log.filter(({ action }) => action === 'approval.requested')).toHaveLength(3);
    expect(rig.log.filter(({ outcome }) => outcome === 'denied')).toHaveLength(47);
    // Who waits already goes on waiting, and others are not kept from asking.
    expect(await pending(rig, ask('vault', { reason: '0' }))).not.toBe('');
    await pending(rig, ask('vault', { principal: { ...AGENT, id: 'agent-8' } }));
    await rig.clock.advance(900_000);
    await pending(rig, ask('vault', { reason: '49' }));
  });

  it('that the audit log did not take wait for nobody', async () => {
    let down = true;
    const audit = { append: () => (down ? Promise.reject(new Error('full')) : Promise.resolve()) };
    const rig = aBroker(third, { audit });
    await expectCode(rig.broker.issue(ask('vault')), 'ERR_BROKER_AUDIT');
    expect(await rig.broker.approvals.list(ANN)).toEqual([]);
    down = false;
    await pending(rig, ask('vault'));
    expect(await rig.broker.approvals.list(ANN)).toHaveLength(1);
  });

  it('that the audit log did not take are no consent, even where somebody was quicker', async () => {
    const found: string[] = [];
    const rig = aBroker(third, {
      audit: {
        append: async ({ action }) => {
          if (action !== 'approval.requested') return;
          const [{ id } = { id: '' }] = await rig.broker.approvals.list(ANN);
          await rig.broker.approvals.approve(id, ANN);
          found.push(id);
          throw new Error('full');
        },
      },
    });
    await expectCode(rig.broker.issue(ask('vault')), 'ERR_BROKER_AUDIT');
    const [approvalId = ''] = found;
    expect(await rig.broker.approvals.find(approvalId, ANN)).toMatchObject({ state: 'expired' });
    await expectCode(rig.broker.issue(ask('vault', { approvalId })), 'ERR_BROKER_APPROVAL_INVALID');
  });

  it('that the audit log did not take are told as that, whatever becomes of them in the store', async () => {
    const store = memoryApprovals();
    const rig = aBroker(third, {
      audit: { append: () => Promise.reject(new Error('full')) },
      approvals: { ...store, change: () => Promise.reject(new Error('gone')) },
    });
    await expectCode(rig.broker.issue(ask('vault')), 'ERR_BROKER_AUDIT');
  });
});

it('approvals that are over are forgotten, and no timer is left', async () => {
  const rig = aBroker(third);
  const id = await pending(rig, ask('vault'));
  await rig.clock.advance(900_000);
  expect(await rig.approvals.find(id)).toBeDefined();
  await rig.clock.advance(3_700_000);
  expect(await rig.approvals.find(id)).toBeUndefined();
  expect(rig.clock.pendingTimers).toBe(0);
});
