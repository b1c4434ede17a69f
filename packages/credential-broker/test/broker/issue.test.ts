import { generateKeyPairSync } from 'node:crypto';
import {
  BackendError,
  createBroker,
  createCredentialTokenVerifier,
  generateSealingKey,
  generateSigningKey,
  generateWorkloadKey,
  keyRing,
  openSealed,
  type BrokerOptions,
  type CredentialRequest,
} from '@holdfast/credential-broker';
import { tokenBucket } from '@holdfast/limiter';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ask, expectCode, refusal, WORKER, thumbprint } from './rig.ts';
import { CANARY } from './stub-backend.ts';

describe('issue', () => {
  it('gives a handle, and asks the backend for nothing but whether there is such a credential', async () => {
    const { broker, clock, db, events, log } = aBroker();
    const grant = await broker.issue(ask('db', { reason: 'ticket 7', audience: 'https://db' }));
    expect(grant).toEqual({
      leaseId: expect.any(String) as string,
      mode: 'reference',
      resource: { type: 'database', ref: 'db://prod/orders' },
      scope: ['read'],
      audience: 'https://db',
      handle: expect.stringMatching(/^hf_[\w-]{43}$/) as string,
      token: undefined,
      credential: undefined,
      issuedAtMs: clock.wallNow(),
      expiresAtMs: clock.wallNow() + 300_000,
    });
    expect(db.asked.map(({ what }) => what)).toEqual(['inspect']);
    expect(db.asked[0]?.request).toMatchObject({
      path: 'prod/orders',
      leaseId: grant.leaseId,
      ttlMs: 300_000,
    });
    expect(events).toEqual([
      { type: 'issued', leaseId: grant.leaseId, resource: 'database', ttlMs: 300_000 },
    ]);
    expect(log).toEqual([
      {
        tenant: 'acme',
        actor: { id: 'agent-7', type: 'agent' },
        action: 'credential.issued',
        resource: { type: 'database', id: 'db://prod/orders' },
        outcome: 'success',
        details: expect.objectContaining({
          leaseId: grant.leaseId,
          rule: 'open',
          reason: 'ticket 7',
        }) as object,
      },
    ]);
  });

  it('keeps of a handle its hash alone', async () => {
    const { broker, leases } = aBroker();
    const { leaseId, handle } = await broker.issue(ask('db'));
    const lease = await leases.find(leaseId);
    expect(lease?.handleHash).toMatch(/^[\w-]{43}$/);
    expect(JSON.stringify(lease)).not.toContain(handle?.slice(3));
  });

  it('refuses what the policy does not allow, before any backend hears of it, and writes it down', async () => {
    const { broker, db, log, events } = aBroker([]);
    const error = await refusal(broker.issue(ask('db')));
    expect(error).toMatchObject({ code: 'ERR_BROKER_DENIED', message: 'the policy does not allow this' });
    expect(db.asked).toEqual([]);
    expect(log).toMatchObject([
      {
        action: 'credential.issued',
        outcome: 'denied',
        reason: 'no rule lets this principal have this resource',
      },
    ]);
    expect(events).toEqual([{ type: 'denied', resource: 'database', code: 'ERR_BROKER_DENIED' }]);
    expect(broker.stats()).toMatchObject({ denied: { database: 1 }, issued: {} });
  });

  it('explains what it decides', async () => {
    const { broker, policy } = aBroker({ maxTtlSeconds: 120, proof: true });
    const request = ask('db', { ttlSeconds: 60, keyThumbprint: thumbprint('jkt') });
    const decision = broker.explain(request);
    expect(decision).toEqual({
      allowed: true,
      rule: 'open',
      ttlMs: 60_000,
      maxTtlMs: 120_000,
      approval: 'none',
      oneTime: true,
      proof: true,
    });
    const { expiresAtMs } = await broker.issue(request);
    expect(expiresAtMs - Date.UTC(2026, 0, 1)).toBe(60_000);
    expect(policy.version).toMatch(/^[\w-]{43}$/);
    expect(aBroker([]).broker.explain(request).allowed).toBe(false);
  });

  it('gives the least of the times that are asked for, allowed, and possible', async () => {
    const { broker, clock, db } = aBroker({ ttlSeconds: 600, maxTtlSeconds: 700 });
    const ttl = async (request: Partial<CredentialRequest>) =>
      (await broker.issue(ask('db', request))).expiresAtMs - clock.wallNow();
    expect(await ttl({})).toBe(600_000);
    expect(await ttl({ ttlSeconds: 61 })).toBe(61_000);
    expect(await ttl({ ttlSeconds: 900 })).toBe(700_000);
    db.maxTtlMs = 45_000;
    expect(await ttl({ ttlSeconds: 900 })).toBe(45_000);
    db.maxTtlMs = 0;
    await expect(ttl({})).rejects.toThrow(BackendError);
  });

  it('gives an agent no more than 15 minutes, whatever the rule says', async () => {
    const { broker, clock } = aBroker({ ttlSeconds: 7_200, maxTtlSeconds: 86_400 });
    expect((await broker.issue(ask('db'))).expiresAtMs - clock.wallNow()).toBe(900_000);
    const worker = await broker.issue(ask('db', { principal: WORKER }));
    expect(worker.expiresAtMs - clock.wallNow()).toBe(7_200_000);
  });

  it.each([
    [{ ttlSeconds: 0 }, 'issue: ttlSeconds must be an integer >= 60 and <= 900, got 0'],
    [{ ttlSeconds: -300 }, 'issue: ttlSeconds must be an integer >= 60 and <= 900, got -300'],
    [{ ttlSeconds: 100_000 }, 'issue: ttlSeconds must be an integer >= 60 and <= 900, got 100000'],
    [{ ttlSeconds: 60.5 }, 'issue: ttlSeconds must be an integer >= 60 and <= 900, got 60.5'],
    [{ ttlSeconds: NaN }, 'issue: ttlSeconds must be an integer >= 60 and <= 900, got NaN'],
    [{ ttlSeconds: 1e400 }, 'issue: ttlSeconds must be an integer >= 60 and <= 900, got Infinity'],
    [
      { principal: WORKER, ttlSeconds: 86_401 },
      'issue: ttlSeconds must be an integer >= 1 and <= 86400, got 86401',
    ],
    [{ scope: [] }, 'issue: scope must be a list of 1 to 16'],
    [{ scope: ['a b'] }, 'issue: scope must be of 1 to 64 visible ASCII characters'],
    [{ scope: ['read', 'read'] }, 'issue: scope must not have one twice'],
    [{ audience: '' }, 'issue: audience must be a string of 1 to 256 characters'],
    [{ mode: 'open' }, 'issue: mode must be one of'],
    [{ reason: 'x'.repeat(513) }, 'issue: reason must be a string of 1 to 512 characters'],
    [{ oneTime: 'yes' }, 'issue: oneTime must be a boolean'],
    [{ sealTo: 'key' }, 'issue: sealTo must be an object'],
    [{ protocol: 'a b' }, 'issue: protocol must be 1 to 32 letters'],
    [{ parameters: { a: 7 } }, 'issue: parameters must be strings'],
    [
      { parameters: Object.fromEntries([...'abcdefghijklmnopq'].map((name) => [name, ''])) },
      'must be at most 16',
    ],
    [{ requesting_agent_id: 'victim' }, 'issue: a request has no such field'],
    [{ principal: { ...AGENT, type: 'root' } }, 'issue: principal.type must be agent, workload or user'],
    [{ principal: { ...AGENT, id: '' } }, 'issue: principal.id must be a string of 1 to 256 characters'],
    [{ principal: { ...AGENT, id: 'a\0b' } }, 'issue: principal.id must be well-formed text'],
    [{ principal: { ...AGENT, tenant: 'acme\nb' } }, 'issue: principal.tenant must be well-formed text'],
    [
      { principal: { ...AGENT, onBehalfOf: '\ud83d' } },
      'issue: principal.onBehalfOf must be well-formed text',
    ],
    [{ principal: { ...AGENT, roles: ['\ud83d'] } }, 'issue: principal.roles must be well-formed text'],
    [{ keyThumbprint: 'jkt' }, 'issue: keyThumbprint must be a SHA-256 thumbprint'],
    [{ keyThumbprint: `${thumbprint('jkt')}=` }, 'issue: keyThumbprint must be a SHA-256 thumbprint'],
    [{ keyThumbprint: null }, 'issue: keyThumbprint must be a SHA-256 thumbprint'],
    [
      { principal: { ...AGENT, keyThumbprint: 'jkt' } },
      'issue: principal.keyThumbprint must be a SHA-256 thumbprint',
    ],
    [{ redeemer: 'worker\u009b' }, 'issue: redeemer must be well-formed text'],
    [{ redeemer: 'worker\u202e' }, 'issue: redeemer must be well-formed text'],
    [{ redeemer: 'work\u200ber' }, 'issue: redeemer must be well-formed text'],
    [{ audience: 'a\ud800' }, 'issue: audience must be well-formed text'],
    [{ reason: '\udc00' }, 'issue: reason must be well-formed text'],
    [{ reason: 'all is\nwell' }, 'issue: reason must be well-formed text'],
    [{ reason: 'all is\u2028well' }, 'issue: reason must be well-formed text'],
    [{ reason: '\u001b[2Jall is well' }, 'issue: reason must be well-formed text'],
    [{ reason: '\u202ellew si lla' }, 'issue: reason must be well-formed text'],
    [{ parameters: { 'a\n': '' } }, 'issue: a name of parameters must be well-formed text'],
    [{ parameters: { a: '\ud800' } }, 'issue: parameters must be well-formed text'],
    [{ parameters: { a: '\ud83d\n\ude00' } }, 'issue: parameters must be well-formed text'],
    [{ reason: 'all is well\u{e0141}' }, 'issue: reason must be well-formed text'],
    [{ reason: 'all\u3164is well' }, 'issue: reason must be well-formed text'],
    [{ parameters: { a: '\u202e' } }, 'issue: parameters must be well-formed text'],
    [{ principal: { ...AGENT, roles: 'admin' } }, 'issue: principal.roles must be a list of at most 64'],
    [{ resource: { type: 'file', ref: 'db://x' } }, 'issue: resource.type must be one of'],
    ...[
      'orders',
      'db:/x',
      'db://',
      'db://a/../b',
      'db://./a',
      'db://a//b',
      'db://a/',
      'db://a\\b',
      'DB://a',
    ].map((ref): [object, string] => [
      { resource: { type: 'api', ref } },
      'issue: resource.ref must be scheme://path',
    ]),
    ...['db://a\n', 'db://a/\u202eb', 'db://a/b\ud83d'].map((ref): [object, string] => [
      { resource: { type: 'api', ref } },
      'issue: resource.ref must be well-formed text',
    ]),
    [
      { resource: { type: 'api', ref: 'db://a', name: 'orders' } },
      'issue: resource has no such field; it has type, ref',
    ],
    ...[null, NaN, true, 7, Symbol('mcp')].map((protocol): [object, string] => [
      { protocol },
      'issue: protocol must be 1 to 32 letters',
    ]),
    [{ resource: { type: 'api', ref: 'db://caf\u0065\u0301' } }, 'issue: resource.ref must be scheme://path'],
  ])('refuses %j with a clear error', async (more, message) => {
    const { broker, db } = aBroker();
    await expect(broker.issue(ask('db', more as Partial<CredentialRequest>))).rejects.toThrow(message);
    expect(db.asked).toEqual([]);
  });

  it('takes text of any script, joined emoji, and parameters of several lines', async () => {
    const { broker, leases } = aBroker();
    const parameters = { note: 'one\r\n\ttwo\n' };
    const { leaseId } = await broker.issue(
      ask('db', { reason: 'می\u200cخواهم 👩\u200d💻 ☎\ufe0f für Müller', parameters }),
    );
    expect((await leases.find(leaseId))?.parameters).toEqual(parameters);
  });

  it('fails in the same way for a backend and for a credential that do not exist', async () => {
    const { broker, log } = aBroker();
    const from = (ref: string) =>
      broker.issue(ask('db', { resource: { type: 'api', ref } })).catch((error: unknown) => error);
    const [none, missing] = [await from('nowhere://x'), await from('db://missing')];
    expect(none).toEqual(missing);
    expect(none).toMatchObject({ code: 'ERR_BROKER_BACKEND', failure: 'not-found' });
    expect(log.map(({ outcome, reason }) => [outcome, reason])).toEqual([
      ['failure', 'not-found'],
      ['failure', 'not-found'],
    ]);
  });

  it('gives nothing when the backend says nothing in time', async () => {
    const { broker, clock, db, leases } = aBroker();
    db.hold = new Promise(() => {});
    const issued = broker.issue(ask('db')).catch((error: unknown) => error);
    await clock.advance(15_000);
    expect(await issued).toMatchObject({ code: 'ERR_BROKER_BACKEND', failure: 'unavailable' });
    expect(await leases.active()).toEqual({});
  });

  it('asks for a key where the rule says so, and takes the one that the principal has proven', async () => {
    const { broker, leases } = aBroker({ proof: true });
    await expectCode(broker.issue(ask('db')), 'ERR_BROKER_PROOF_REQUIRED');
    const principal = { ...AGENT, keyThumbprint: thumbprint('mine') };
    const own = await broker.issue(ask('db', { principal }));
    expect((await leases.find(own.leaseId))?.keyThumbprint).toBe(thumbprint('mine'));
    await expectCode(
      broker.issue(ask('db', { principal, redeemer: 'worker-1' })),
      'ERR_BROKER_PROOF_REQUIRED',
    );
  });

  it('limits how often each principal asks', async () => {
    const { broker, log } = aBroker({}, { limit: tokenBucket({ limit: 3, windowMs: 60_000 }) });
    for (let count = 0; count < 3; count++) await broker.issue(ask('db'));
    expect(await refusal(broker.issue(ask('db')))).toMatchObject({
      code: 'ERR_BROKER_RATE_LIMITED',
      retryAfterMs: 20_000,
    });
    expect(log).toHaveLength(3);
    await broker.issue(ask('db', { principal: WORKER }));
    await broker.issue(ask('db', { principal: { ...AGENT, tenant: 'other' } }));
  });

  it('gives nothing once it is closed', async () => {
    const { broker } = aBroker();
    await broker.close();
    await broker.close();
    expect(broker.closed).toBe(true);
    await expectCode(broker.issue(ask('db')), 'ERR_BROKER_CLOSED');
  });
});

describe('disclose', () => {
  it('gives the credential itself, where a rule names it, and has it ended', async () => {
    const { broker, clock, db } = aBroker();
    const grant = await broker.issue(ask('db', { mode: 'disclose' }));
    expect(grant.handle).toBeUndefined();
    expect(grant.credential?.['password']?.reveal()).toContain(CANARY);
    expect(db.alive.size).toBe(1);
    await clock.advance(302_000);
    expect(db.alive.size).toBe(0);
  });

  it('is denied where no rule names it', async () => {
    const { broker, db } = aBroker({ modes: undefined });
    await expectCode(broker.issue(ask('db', { mode: 'disclose' })), 'ERR_BROKER_DENIED');
    expect(db.asked).toEqual([]);
  });
});

describe('sealed', () => {
  const issuer = 'https://broker.example';
  const sealing = () => {
    const keys = keyRing({ signing: [generateSigningKey()], sealing: [generateSealingKey()] });
    return { ...aBroker({}, { tokens: { keys, issuer } }), keys };
  };

  it('gives a token that the workload alone can open', async () => {
    const { broker, clock, keys, leases } = sealing();
    const key = generateWorkloadKey();
    const grant = await broker.issue(
      ask('vault', { mode: 'sealed', sealTo: key.jwk, audience: 'orders-db' }),
    );
    const verifier = createCredentialTokenVerifier({ keys, issuer, audience: 'orders-db', clock });
    const token = await verifier.verify(grant.token ?? '');
    expect(token).toMatchObject({ subject: 'agent-7', tenant: 'acme', scope: ['read'] });
    expect(token.expiresAtMs).toBe(grant.expiresAtMs);
    expect((await leases.findByToken(token.tokenId))?.id).toBe(grant.leaseId);
    expect((await openSealed(token, key))['password']?.reveal()).toContain(CANARY);
    await expect(openSealed(token, generateWorkloadKey())).rejects.toThrow('does not open');
    expect(grant.token).not.toContain(CANARY);
  });

  it('is ended at the backend when the token cannot be made', async () => {
    const { broker, db, leases, log } = sealing();
    // Every agreement with the point zero is the same (RFC 7748, section 6.1).
    const zero = { kty: 'OKP', crv: 'X25519', x: Buffer.alloc(32).toString('base64url') };
    await expect(broker.issue(ask('db', { mode: 'sealed', sealTo: zero }))).rejects.toMatchObject({
      code: 'ERR_BROKER_TOKEN',
      failure: 'key',
    });
    expect(db.count('issue')).toBe(1);
    expect(db.alive.size).toBe(0);
    expect(await leases.active()).toEqual({});
    expect(log).toMatchObject([{ action: 'credential.issued', outcome: 'failure', reason: 'key' }]);
  });

  it.each([
    ['nothing', {}],
    ['another kind of key', generateSigningKey().jwk],
    ['a private key', generateKeyPairSync('x25519').privateKey.export({ format: 'jwk' })],
  ])('is denied for %s to seal to, before a backend is asked, and written down', async (_, sealTo) => {
    const { broker, db, events, log } = sealing();
    await expect(broker.issue(ask('db', { mode: 'sealed', sealTo }))).rejects.toMatchObject({
      code: 'ERR_BROKER_TOKEN',
      failure: 'key',
    });
    expect(db.asked).toEqual([]);
    expect(events).toEqual([{ type: 'denied', resource: 'database', code: 'ERR_BROKER_TOKEN' }]);
    expect(log).toMatchObject([
      {
        action: 'credential.issued',
        outcome: 'denied',
        reason: 'sealTo must be a public key of X25519 or P-256',
      },
    ]);
  });

  it('is denied by a broker without keys', async () => {
    const { broker, db } = aBroker();
    await expectCode(broker.issue(ask('db', { mode: 'sealed' })), 'ERR_BROKER_DENIED');
    expect(db.asked).toEqual([]);
  });
});

describe('the audit log', () => {
  it.each(['db', 'vault'] as const)(
    'must take the event in time, else nothing is given (%s)',
    async (scheme) => {
      const failing = { append: () => Promise.reject(new Error('disk full')) };
      const hanging = { append: () => new Promise<never>(() => {}) };
      for (const audit of [failing, hanging]) {
        for (const mode of ['reference', 'disclose'] as const) {
          const { broker, clock, db, leases } = aBroker({}, { audit });
          const issued = refusal(broker.issue(ask(scheme, { mode })));
          await clock.advance(1_000);
          expect((await issued).code).toBe('ERR_BROKER_AUDIT');
          expect(await leases.active()).toEqual({});
          expect(db.alive.size).toBe(0);
          expect(broker.stats()).toMatchObject({ issued: {}, active: {} });
        }
      }
    },
  );

  it('is asked on every refusal as well', async () => {
    const { broker } = aBroker([], { audit: { append: () => Promise.reject(new Error('down')) } });
    await expectCode(broker.issue(ask('db')), 'ERR_BROKER_AUDIT');
  });

  it('must be done without on purpose', async () => {
    const { broker, options } = aBroker({}, { audit: 'none' });
    expect((await broker.issue(ask('db'))).handle).toBeDefined();
    const { audit: _, ...silent } = options;
    expect(() => createBroker(silent as BrokerOptions)).toThrow('createBroker: audit must be given');
  });
});
