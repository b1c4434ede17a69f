import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { TokenClaims } from '../../../src/tokens/jose/sign-token.ts';
import { readExchangeRequest, TOKEN_EXCHANGE } from '../../../src/tokens/exchange/exchange-request.ts';
import { exchangeResponse } from '../../../src/tokens/exchange/exchange-response.ts';
import { introspectionOf, readTokenRequest } from '../../../src/tokens/exchange/introspection.ts';
import { narrowClaims, type NarrowClaimsOptions } from '../../../src/tokens/exchange/narrow-claims.ts';
import { OAuthError } from '../../../src/tokens/exchange/oauth-error.ts';

const NOW = 1_767_225_600;
const ACCESS = 'urn:ietf:params:oauth:token-type:access_token';

/** The error that is answered; `accepted` when it is none. */
function errorOf(attempt: () => unknown): string {
  try {
    attempt();
    return 'accepted';
  } catch (error) {
    if (error instanceof OAuthError) return error.error;
    throw error;
  }
}

describe('the form of a token exchange', () => {
  const form = { grant_type: TOKEN_EXCHANGE, subject_token: 's', subject_token_type: ACCESS };
  const read = (changed: Readonly<Record<string, string>> = {}) =>
    readExchangeRequest(new URLSearchParams({ ...form, ...changed }));

  it('is read', () => {
    expect(read()).toEqual({
      subjectToken: 's',
      actorToken: undefined,
      audience: undefined,
      scope: undefined,
    });
    const whole = {
      actor_token: 'a',
      actor_token_type: ACCESS,
      audience: 'api',
      scope: 'read write',
      requested_token_type: ACCESS,
    };
    expect(read(whole)).toEqual({
      subjectToken: 's',
      actorToken: 'a',
      audience: 'api',
      scope: ['read', 'write'],
    });
    expect(read({ resource: 'https://api.example' }).audience).toBe('https://api.example');
    expect(read({ audience: '', actor_token: '', unknown: 'is ignored' }).audience).toBeUndefined();
  });

  it.each<[string, string, Readonly<Record<string, string>>]>([
    ['unsupported_grant_type', 'another grant', { grant_type: 'authorization_code' }],
    ['invalid_request', 'no grant', { grant_type: '' }],
    ['invalid_request', 'no token', { subject_token: '' }],
    ['invalid_request', 'no type', { subject_token_type: '' }],
    ['invalid_request', 'another type', { subject_token_type: 'urn:ietf:params:oauth:token-type:saml2' }],
    [
      'invalid_request',
      'another type for the new token',
      { requested_token_type: 'urn:ietf:params:oauth:token-type:refresh_token' },
    ],
    ['invalid_request', 'an actor without a type', { actor_token: 'a' }],
    ['invalid_request', 'a type without an actor', { actor_token_type: ACCESS }],
    ['invalid_request', 'a token that is too long', { subject_token: 'x'.repeat(16_385) }],
    ['invalid_scope', 'a scope with quotes', { scope: 'read "all"' }],
    ['invalid_scope', 'a scope with two blanks', { scope: 'read  all' }],
    ['invalid_target', 'two audiences', { audience: 'a', resource: 'https://b' }],
  ])('answers %s to %s', (error, _, changed) => {
    expect(errorOf(() => read(changed))).toBe(error);
  });

  it.each(Object.keys(form))('has %s once', (name) => {
    const twice = new URLSearchParams(form);
    twice.append(name, 'again');
    expect(errorOf(() => readExchangeRequest(twice))).toBe('invalid_request');
  });

  it('has one audience', () => {
    const two = new URLSearchParams({ ...form, audience: 'a' });
    two.append('audience', 'b');
    expect(errorOf(() => readExchangeRequest(two))).toBe('invalid_target');
  });
});

const subject: TokenClaims = {
  iss: 'us',
  aud: 'api',
  sub: 'user-1',
  tid: 'acme',
  scope: 'read write',
  iat: NOW - 100,
  exp: NOW + 600,
  may_act: { sub: 'agent-1' },
};
const actor: TokenClaims = { iss: 'us', sub: 'agent-1', tid: 'acme' };
const narrow = (changed: Partial<NarrowClaimsOptions> = {}) =>
  narrowClaims({
    subject,
    actor,
    request: { audience: undefined, scope: undefined },
    tokenId: 'new',
    issuer: 'us',
    nowMs: NOW * 1_000,
    maxTtlMs: 300_000,
    ...changed,
  });
const narrowTo = (audience?: string, scope?: readonly string[], more: Partial<NarrowClaimsOptions> = {}) =>
  narrow({ request: { audience, scope }, ...more });

describe('an exchanged token', () => {
  it('is for the same subject, with who acts for it', () => {
    expect(narrow()).toEqual({
      iss: 'us',
      aud: 'api',
      sub: 'user-1',
      tid: 'acme',
      jti: 'new',
      iat: NOW,
      nbf: NOW,
      exp: NOW + 300,
      scope: 'read write',
      act: { sub: 'agent-1', iss: 'us' },
    });
  });

  it('never has more scope', () => {
    expect(narrowTo(undefined, ['read'])['scope']).toBe('read');
    expect(narrowTo(undefined, [])['scope']).toBe('');
    for (const scope of [['admin'], ['read', 'admin'], ['Read'], ['read write'], ['']]) {
      expect(errorOf(() => narrowTo(undefined, scope))).toBe('invalid_scope');
    }
    const bare = { ...subject, scope: undefined };
    expect(narrow({ subject: bare })['scope']).toBe('');
    expect(errorOf(() => narrowTo(undefined, ['read'], { subject: bare }))).toBe('invalid_scope');
    expect(narrow({ subject: { ...subject, scope: ['read'] } })['scope']).toBe('');
  });

  it('never lasts longer', () => {
    expect(narrow({ maxTtlMs: 10_000_000 })['exp']).toBe(NOW + 600);
    expect(narrow({ maxTtlMs: 1_500 })['exp']).toBe(NOW + 1);
    for (const exp of [NOW, NOW - 1, undefined, 'x', NaN]) {
      expect(errorOf(() => narrow({ subject: { ...subject, exp } }))).toBe('invalid_grant');
    }
    expect(errorOf(() => narrow({ maxTtlMs: 0 }))).toBe('invalid_grant');
  });

  it('is for another audience only where that is allowed', () => {
    expect(errorOf(() => narrowTo('other'))).toBe('invalid_target');
    expect(narrowTo('other', undefined, { audiences: ['other'] })['aud']).toBe('other');
    expect(errorOf(() => narrow({ subject: { ...subject, aud: ['api', 'b'] } }))).toBe('invalid_target');
    expect(errorOf(() => narrowTo('api', undefined, { subject: { ...subject, aud: ['api', 'b'] } }))).toBe(
      'invalid_target',
    );
  });

  it('never crosses tenants', () => {
    for (const tid of ['other', undefined, ['acme']]) {
      expect(errorOf(() => narrow({ actor: { ...actor, tid } }))).toBe('invalid_grant');
    }
    expect(errorOf(() => narrow({ subject: { ...subject, tid: undefined } }))).toBe('invalid_grant');
    expect(
      narrow({ subject: { ...subject, tid: undefined }, actor: { ...actor, tid: undefined } }),
    ).not.toHaveProperty('tid');
  });

  it('stays bound to a key', () => {
    const bound = { ...subject, cnf: { jkt: 'old' } };
    expect(errorOf(() => narrow({ subject: bound }))).toBe('invalid_grant');
    expect(narrow({ subject: bound, keyThumbprint: 'new' })['cnf']).toEqual({ jkt: 'new' });
  });
});

describe('who may act', () => {
  it.each<[string, unknown]>([
    ['nobody', undefined],
    ['null', null],
    ['text', 'agent-1'],
    ['somebody else', { sub: 'agent-2' }],
    ['nobody in particular', {}],
    ['one of another issuer', { sub: 'agent-1', iss: 'them' }],
    ['several', { sub: ['agent-1'] }],
    ['one with another claim', { sub: 'agent-1', client_id: 'x' }],
  ])('is not the actor when may_act names %s', (_, may_act) => {
    expect(errorOf(() => narrow({ subject: { ...subject, may_act } }))).toBe('invalid_grant');
  });

  it('is the one that may_act names in all that it says', () => {
    const named = { ...subject, may_act: { sub: 'agent-1', iss: 'us', client_id: 'x' } };
    expect(narrow({ subject: named, actor: { ...actor, client_id: 'x' } })['act']).toEqual({
      sub: 'agent-1',
      iss: 'us',
    });
  });

  it('is the subject itself, who keeps what it may', () => {
    const itself = { iss: 'us', sub: 'user-1', tid: 'acme' };
    expect(narrow({ actor: itself })).toMatchObject({ may_act: { sub: 'agent-1' } });
    expect(narrow({ actor: itself })).not.toHaveProperty('act');
    expect(errorOf(() => narrow({ actor: { ...itself, iss: 'them' } }))).toBe('invalid_grant');
    expect(
      errorOf(() => narrow({ subject: { ...subject, sub: undefined }, actor: { tid: 'acme', iss: 'us' } })),
    ).toBe('invalid_grant');
  });

  it('is the one who acts already, and nobody after it', () => {
    const delegated = narrow();
    expect(narrow({ subject: delegated })['act']).toEqual({ sub: 'agent-1', iss: 'us' });
    expect(errorOf(() => narrow({ subject: delegated, actor: { ...actor, sub: 'agent-2' } }))).toBe(
      'invalid_grant',
    );
  });

  it('goes on top of those before it, and there are not too many', () => {
    const chain = (depth: number): object =>
      depth === 1 ? { sub: 'x' } : { sub: 'x', act: chain(depth - 1) };
    const after = (depth: number) => narrow({ subject: { ...subject, act: chain(depth) } });
    expect(after(2)['act']).toEqual({ sub: 'agent-1', iss: 'us', act: { sub: 'x', act: { sub: 'x' } } });
    expect(errorOf(() => after(7))).toBe('accepted');
    expect(errorOf(() => after(8))).toBe('invalid_grant');
    expect(errorOf(() => narrow({ subject: { ...subject, act: 'x' } }))).toBe('invalid_grant');
    expect(
      errorOf(() =>
        narrow({ actor: { ...actor, iss: 7 }, subject: { ...subject, may_act: { sub: 'agent-1' } } }),
      ),
    ).toBe('invalid_grant');
  });
});

it('an exchange never widens anything, however often it is done', () => {
  const scopes = ['read', 'write', 'admin', 'list'];
  const audiences = ['api', 'db', 'mail'];
  const step = fc.record({
    actor: fc.constantFrom('user-1', 'agent-1', 'agent-2'),
    tid: fc.constantFrom('acme', 'other'),
    scope: fc.option(fc.subarray(scopes), { nil: undefined }),
    audience: fc.option(fc.constantFrom(...audiences), { nil: undefined }),
    audiences: fc.subarray(['db']),
    maxTtlMs: fc.integer({ min: 0, max: 1_000_000 }),
    waitMs: fc.nat(100_000),
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 12 }), (steps) => {
      let claims = subject;
      let nowMs = NOW * 1_000;
      for (const { actor: sub, tid, scope, audience, audiences: allowed, maxTtlMs, waitMs } of steps) {
        nowMs += waitMs;
        let next: TokenClaims;
        try {
          next = narrow({
            subject: claims,
            actor: { iss: 'us', sub, tid },
            request: { scope, audience },
            audiences: allowed,
            maxTtlMs,
            nowMs,
          });
        } catch {
          continue;
        }
        const held = String(claims['scope']).split(' ');
        expect(
          String(next['scope'])
            .split(' ')
            .filter((one) => one !== '' && !held.includes(one)),
        ).toEqual([]);
        expect(Number(next['exp'])).toBeLessThanOrEqual(Number(claims['exp']));
        expect([next['sub'], next['tid']]).toEqual(['user-1', 'acme']);
        expect([claims['aud'], ...allowed]).toContain(next['aud']);
        expect(tid).toBe('acme');
        if (sub === 'agent-2') expect.fail('agent-2 was never named');
        claims = next;
      }
    }),
  );
});

describe('the answers', () => {
  it('to an exchange', () => {
    const claims = narrow();
    expect(exchangeResponse('t', claims)).toEqual({
      access_token: 't',
      issued_token_type: ACCESS,
      token_type: 'Bearer',
      expires_in: 300,
      scope: 'read write',
    });
    expect(exchangeResponse('t', { ...claims, cnf: { jkt: 'x' } }).token_type).toBe('DPoP');
  });

  it('to an introspection hold nothing that is sealed, and nothing at all of what is not active', () => {
    expect(introspectionOf(undefined)).toEqual({ active: false });
    const claims = {
      iss: 'us',
      sub: 'x',
      exp: 1,
      credential: 'sealed',
      active: 'no',
      token_type: 'forged',
      note: 'x',
    };
    expect(introspectionOf(claims)).toEqual({
      active: true,
      token_type: 'Bearer',
      iss: 'us',
      sub: 'x',
      exp: 1,
    });
    expect(introspectionOf({ ...claims, cnf: { jkt: 'x' } })).toMatchObject({ token_type: 'DPoP' });
  });

  it('to a request about a token', () => {
    const form = new URLSearchParams('token=t&token_type_hint=access_token');
    expect(readTokenRequest(form)).toEqual({ token: 't', hint: 'access_token' });
    for (const wrong of ['', 'token=', 'token=a&token=b', 'token=a&token_type_hint=b&token_type_hint=c']) {
      expect(errorOf(() => readTokenRequest(new URLSearchParams(wrong)))).toBe('invalid_request');
    }
  });

  it('to what is refused', () => {
    const error = new OAuthError('invalid_scope', 'too wide');
    expect(JSON.parse(JSON.stringify(error))).toEqual({
      error: 'invalid_scope',
      error_description: 'too wide',
    });
    expect([error.status, new OAuthError('invalid_client', 'x').status]).toEqual([400, 401]);
  });
});
