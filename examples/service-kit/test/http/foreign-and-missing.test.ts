import { randomUUID } from 'node:crypto';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test } from 'vitest';
import { newApiKey } from '../../src/auth/api-key.ts';
import { memoryApiKeys } from '../../src/auth/api-key-store.ts';
import { createApiKeys } from '../../src/auth/api-keys.ts';
import { createAuthenticator } from '../../src/auth/authenticator.ts';
import { callerOf } from '../../src/http/call.ts';
import { ProblemError } from '../../src/http/problem.ts';
import { get, post, startRig, type Asked } from './rig.ts';

/** Writes down which methods of a store are called, in order. */
function counted<T extends object>(store: T) {
  const calls: string[] = [];
  const watched = new Proxy(store, {
    get: (target, name: string & keyof T) => {
      calls.push(name);
      const value = target[name];
      return typeof value === 'function' ? (value.bind(target) as typeof value) : value;
    },
  });
  return { calls, watched };
}

const ci = { id: 'ci', tenant: 'acme', type: 'workload' } as const;

/** A service that keeps keys and things of tenants, the way that its README shows. */
async function start() {
  const clock = manualClock();
  const keyStore = counted(memoryApiKeys());
  const apiKeys = createApiKeys({ store: keyStore.watched, clock });
  const things = counted(new Map([['7', { tenant: 'acme', name: 'canary' }]]));
  const tokens = async (token: string) =>
    ({ id: 'u', tenant: token, type: 'user', roles: ['viewer'] }) as const;
  const rig = await startRig({
    clock,
    authenticator: createAuthenticator({ realm: 'test', tokens, apiKeys }),
    routes: [
      get(
        '/things/:id',
        (call) => {
          const thing = things.watched.get(call.params['id'] ?? '');
          if (thing?.tenant !== callerOf(call).tenant) throw new ProblemError('not-found', 'No such thing.');
          return { body: { name: thing.name } };
        },
        { permission: 'things:read' },
      ),
      get('/others/:id', () => ({}), { permission: 'others:read' }),
      post(
        '/keys/:id/revoke',
        async (call) => {
          const isRevoked = await apiKeys.revoke(callerOf(call).tenant, call.params['id'] ?? '');
          if (!isRevoked) throw new ProblemError('not-found', 'No such key.');
          return {};
        },
        'authenticated',
      ),
      post(
        '/keys/:id/rotate',
        async (call) => {
          const issued = await apiKeys.rotate(callerOf(call).tenant, call.params['id'] ?? '', 0);
          if (issued === undefined) throw new ProblemError('not-found', 'No such key.');
          return { status: 201 };
        },
        'authenticated',
      ),
    ],
  });
  const { key, record } = await apiKeys.issue(ci, 60_000);
  /** All that a client sees of an answer, and all that was done for it. */
  const seen = async (path: string, asked: Asked) => {
    keyStore.calls.length = things.calls.length = 0;
    const headers = { ...asked.headers, 'x-request-id': 'request-7' };
    const answer = await rig.ask(path, { ...asked, headers });
    const { date: _date, ...rest } = answer.headers;
    return {
      status: answer.status,
      headers: rest,
      text: answer.text,
      work: [...keyStore.calls, ...things.calls],
    };
  };
  return { ...rig, apiKeys, key, record, seen, clock };
}

const bearer = (credential: string, method = 'GET'): Asked => {
  return { method, headers: { authorization: `Bearer ${credential}` } };
};

describe('what belongs to another tenant is not there:', () => {
  test('a thing', async () => {
    const foreign = await (await start()).seen('/things/7', bearer('other'));
    const missing = await (await start()).seen('/things/8', bearer('other'));
    expect(foreign).toMatchObject({ status: 404, work: ['get'] });
    expect(foreign).toEqual(missing);
    expect(await (await start()).seen('/things/7', bearer('acme'))).toMatchObject({
      status: 200,
      work: ['get'],
    });
  });

  test('a thing that one may not see anyway is not even looked for', async () => {
    const foreign = await (await start()).seen('/others/7', bearer('other'));
    const missing = await (await start()).seen('/others/8', bearer('other'));
    expect(foreign).toMatchObject({ status: 403, work: [] });
    expect(foreign).toEqual(missing);
  });

  test.each(['revoke', 'rotate'])('a key, to %s', async (action) => {
    const service = await start();
    const foreign = await service.seen(`/keys/${service.record.id}/${action}`, bearer('other', 'POST'));
    const missing = await (await start()).seen(`/keys/${randomUUID()}/${action}`, bearer('other', 'POST'));
    expect(foreign).toMatchObject({ status: 404, work: ['list'] });
    expect(foreign).toEqual(missing);
    expect(await service.apiKeys.verify(service.key.reveal())).toEqual(ci);
    const own = await service.seen(`/keys/${service.record.id}/${action}`, bearer('acme', 'POST'));
    expect(own.status).toBeLessThan(300);
    expect(own.work).toContain('end');
  });
});

describe('a key that is good for nothing does not tell why:', () => {
  test('never made, expired or revoked', async () => {
    const unknown = await (await start()).seen('/things/7', bearer(newApiKey().reveal()));
    const late = await start();
    await late.clock.advance(60_000);
    const expired = await late.seen('/things/7', bearer(late.key.reveal()));
    const ended = await start();
    await ended.apiKeys.revoke('acme', ended.record.id);
    const revoked = await ended.seen('/things/7', bearer(ended.key.reveal()));
    expect(unknown).toMatchObject({ status: 401, work: ['find'] });
    expect(revoked).toEqual(unknown);
    expect(expired).toEqual(unknown);
  });

  test('misspelled, which no store is asked for', async () => {
    const service = await start();
    const text = service.key.reveal();
    const misspelled = text.slice(0, -1) + (text.endsWith('0') ? '1' : '0');
    const unknown = await (await start()).seen('/things/7', bearer(newApiKey().reveal()));
    expect(await service.seen('/things/7', bearer(misspelled))).toEqual({ ...unknown, work: [] });
  });
});
