import { Secret } from '@holdfast/credential-broker';
import { InjectionError, type InjectedRequest, type Injection } from '@holdfast/credential-broker/injection';
import { describe, expect, it } from 'vitest';
import { CANARY } from '../broker/stub-backend.ts';
import { anInjector, type Seen } from './rig.ts';

const FORM = { 'content-type': 'application/x-www-form-urlencoded' };
const JSON_TYPE = { 'content-type': 'application/json' };
const SECRET = `${CANARY}-1`;

interface Call extends Omit<InjectedRequest, 'url'> {
  readonly url?: string;
  /** Fields of the credential, besides those that it has. */
  readonly credential?: Readonly<Record<string, string>>;
}

/** What the upstream sees of a request into which a secret is put. */
async function sent(
  inject: Injection | readonly Injection[],
  { url = '/v1/orders/7', credential = {}, ...init }: Call = {},
): Promise<Seen> {
  const rig = await anInjector({ rule: { inject: [inject].flat() } });
  const issue = rig.db.issue.bind(rig.db);
  rig.db.issue = async (...args) => {
    const lease = await issue(...args);
    const more = Object.entries(credential).map(([name, value]) => [name, new Secret(value)] as const);
    return { ...lease, credential: { ...lease.credential, ...Object.fromEntries(more) } };
  };
  await rig.fetch(url, init);
  expect(rig.seen).toHaveLength(1);
  return rig.seen[0] as Seen;
}

const post = (body: string | Uint8Array, headers: Record<string, string>, more: Call = {}) => ({
  method: 'POST',
  headers,
  body,
  ...more,
});

describe('a secret', () => {
  it('goes into a header field, in place of what the request has there', async () => {
    const inject = { into: 'header', name: 'x-key', template: 'k={password};u={username}' } as const;
    const { headers } = await sent(inject, {
      credential: { username: 'orders-app' },
      headers: { 'x-key': 'mine' },
    });
    expect(headers['x-key']).toBe(`k=${SECRET};u=orders-app`);
  });

  it('goes into basic authentication, with a user that is no secret', async () => {
    const { headers } = await sent({ into: 'basic' });
    const [, coded = ''] = String(headers['authorization']).split('Basic ');
    expect(Buffer.from(coded, 'base64').toString()).toBe(`u:${SECRET}`);
    const key = await sent({ into: 'basic', username: '{password}', password: '' });
    expect(key.headers['authorization']).toBe(`Basic ${Buffer.from(`${SECRET}:`).toString('base64')}`);
    const odd = sent({ into: 'basic' }, { credential: { username: 'a:b' } });
    await expect(odd).rejects.toThrow('the username must not have a colon');
  });

  it('goes into the query, once, and leaves the rest of it as it is', async () => {
    const inject = { into: 'query', name: 'api key', template: '{password}' } as const;
    const { url } = await sent(inject, { url: '/v1/orders/7?a=1%20+&api+key=x&b=%2F&api%20key=y&c' });
    expect(url).toBe(`/v1/orders/7?a=1%20+&b=%2F&c&api%20key=${SECRET}`);
    expect((await sent(inject)).url).toBe(`/v1/orders/7?api%20key=${SECRET}`);
  });

  it('cannot lead elsewhere, whatever is in it', async () => {
    const credential = { password: 'a&b=c#d/../e?f%2F' };
    const { url } = await sent({ into: 'query', name: 'key', template: '{password}' }, { credential });
    expect(url).toBe('/v1/orders/7?key=a%26b%3Dc%23d%2F..%2Fe%3Ff%252F');
    const inForm = { into: 'form', name: 'key', template: '{password}' } as const;
    expect((await sent(inForm, post('a=1', FORM, { credential }))).body).toBe(
      'a=1&key=a%26b%3Dc%23d%2F..%2Fe%3Ff%252F',
    );
    const quoted = { password: 'a","admin":"true' };
    const { body } = await sent(
      { into: 'json', pointer: '/key', template: '{password}' },
      post('{}', JSON_TYPE, { credential: quoted }),
    );
    expect(JSON.parse(body)).toEqual({ key: 'a","admin":"true' });
    for (const value of ['line\r\nx-admin: true', 'caf\u00e9-secret']) {
      const header = { into: 'header', name: 'x-key', template: '{password}' } as const;
      const error: unknown = await sent(header, { credential: { password: value } }).catch(
        (one: unknown) => one,
      );
      expect(error).toBeInstanceOf(InjectionError);
      expect(String(error)).not.toContain(value.slice(0, 4));
    }
  });

  it('goes into a form, once', async () => {
    const inject = { into: 'form', name: 'key', template: '{password}' } as const;
    expect((await sent(inject, post('a=1&key=x&b=2', FORM))).body).toBe(`a=1&b=2&key=${SECRET}`);
    const bytes = new TextEncoder().encode('a=caf%C3%A9');
    expect(
      (
        await sent(
          inject,
          post(bytes, { 'content-type': 'Application/X-WWW-Form-Urlencoded; charset=UTF-8' }),
        )
      ).body,
    ).toBe(`a=caf%C3%A9&key=${SECRET}`);
    await expect(sent(inject, post(new Uint8Array([0xff]), FORM))).rejects.toThrow('in UTF-8');
  });

  it('goes into a member of a JSON body, of which numbers and odd names stay as they are', async () => {
    const inject = { into: 'json', pointer: '/auth/the~1key', template: '{password}' } as const;
    const text =
      '{"n":12345678901234567890,"e":1e400,"auth":{"the/key":"x","the/key":"y"},"__proto__":{"a":1},"l":[1.0]}';
    const { body } = await sent(inject, post(text, { 'content-type': 'application/vnd.x+json' }));
    expect(body).toBe(
      `{"n":12345678901234567890,"e":1e400,"auth":{"the/key":"${SECRET}"},"__proto__":{"a":1},"l":[1.0]}`,
    );
    for (const wrong of ['{"auth":7}', '{"auth":[]}', '[]', '7', 'null', '{"auth":null}']) {
      await expect(sent(inject, post(wrong, JSON_TYPE))).rejects.toThrow('the objects of the rule');
    }
    const inherited = { into: 'json', pointer: '/constructor/key', template: '{password}' } as const;
    await expect(sent(inherited, post('{}', JSON_TYPE))).rejects.toThrow('the objects of the rule');
  });

  it('goes into several places', async () => {
    const { headers, body } = await sent(
      [
        { into: 'header', name: 'x-key', template: '{password}' },
        { into: 'json', pointer: '/a', template: '{password}' },
        { into: 'json', pointer: '/b', template: '{password}' },
      ],
      post('{}', JSON_TYPE),
    );
    expect([headers['x-key'], JSON.parse(body)]).toEqual([SECRET, { a: SECRET, b: SECRET }]);
  });

  it('is never put where the client writes what looks like a template', async () => {
    const inject = { into: 'header', name: 'x-key', template: '{password}' } as const;
    const { url, headers, body } = await sent(inject, {
      url: '/v1/orders/%7Bpassword%7D?q={password}',
      ...post('{"a":"{password}","b":"{{password}}"}', { ...JSON_TYPE, 'x-request-id': '{password}' }),
    });
    expect(url).toBe('/v1/orders/%7Bpassword%7D?q={password}');
    expect(headers['x-request-id']).toBe('{password}');
    expect(body).toBe('{"a":"{password}","b":"{{password}}"}');
    expect(JSON.stringify([url, { ...headers, 'x-key': '' }, body])).not.toContain(CANARY);
    // What a secret holds is no template either.
    const nested = { password: '{username}-{username}' };
    expect((await sent(inject, { credential: nested })).headers['x-key']).toBe('{username}-{username}');
  });
});
