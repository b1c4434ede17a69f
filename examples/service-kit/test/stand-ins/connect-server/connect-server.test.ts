import { connect } from 'node:net';
import { describe, expect, it, onTestFinished } from 'vitest';
import { oneTimePassword } from '../../../src/stand-ins/connect-server/one-time-password.ts';
import { checkedFetch, described, seen, wrongWith } from './checked-fetch.ts';
import { AN_ITEM, connectFixture, READER, WRITER } from './fixture.ts';

const NOWHERE = 'zzzzzzzzzzzzzzzzzzzzzzzzzz';

async function rig() {
  const fixture = await connectFixture();
  const { url } = fixture.server;
  const ask = async (method: string, path: string, body?: unknown, token: string | undefined = WRITER) => {
    const response = await checkedFetch(url, method, path, { body, token });
    const said = await response.text();
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { status: response.status, body: (isJson ? JSON.parse(said) : said) as Record<string, unknown> };
  };
  const items = `/v1/vaults/${fixture.vault}/items`;
  return { ...fixture, ask, items, path: `${items}/${fixture.item}` };
}

describe('the Connect stand-in', () => {
  it('says how it is, without a token', async () => {
    const { server } = await connectFixture();
    for (const path of ['/heartbeat', '/health', '/metrics']) {
      expect((await checkedFetch(server.url, 'GET', path)).status).toBe(200);
    }
  });

  it('lists the vaults that a token sees, and finds them by name', async () => {
    const { ask, vault, hidden } = await rig();
    const names = async (path: string, token: string) =>
      ((await ask('GET', path, undefined, token)).body as unknown as { name: string }[]).map(
        ({ name }) => name,
      );
    expect(await names('/v1/vaults', WRITER)).toEqual(['prod', 'hidden']);
    expect(await names('/v1/vaults', READER)).toEqual(['prod']);
    expect(await names('/v1/vaults?filter=name%20eq%20%22PROD%22', WRITER)).toEqual(['prod']);
    expect(await names('/v1/vaults?filter=name%20eq%20%22hidden%22', READER)).toEqual([]);
    expect((await ask('GET', `/v1/vaults/${vault}`)).body).toMatchObject({ name: 'prod', items: 1 });
    expect((await ask('GET', `/v1/vaults/${hidden}`, undefined, READER)).status).toBe(403);
    expect((await ask('GET', `/v1/vaults/${NOWHERE}`)).status).toBe(404);
  });

  it('knows tokens from guesses', async () => {
    const { ask, vault, items, path } = await rig();
    for (const each of ['/v1/vaults', `/v1/vaults/${vault}`, items, path, '/v1/activity']) {
      expect((await ask('GET', each, undefined, 'wrong')).status).toBe(401);
      expect((await ask('GET', each, undefined, 'two words')).status).toBe(401);
    }
    expect((await ask('POST', items, {}, 'wrong')).status).toBe(401);
    for (const method of ['PUT', 'PATCH', 'DELETE']) {
      expect((await ask(method, path, method === 'DELETE' ? undefined : {}, 'wrong')).status).toBe(401);
      expect((await ask(method, path, method === 'DELETE' ? undefined : {}, READER)).status).toBe(403);
    }
    expect((await ask('POST', items, {}, READER)).status).toBe(403);
  });

  it('filters items by title and tag', async () => {
    const { ask, items } = await rig();
    const found = async (filter: string) => {
      const { status, body } = await ask('GET', `${items}?filter=${encodeURIComponent(filter)}`);
      return status === 200 ? body['length'] : status;
    };
    for (const filter of [
      'title eq "Orders DB"',
      'title co "ders"',
      'title sw "orders"',
      'tag eq "live"',
      'title eq "x" or tag eq "live" and title sw "o"',
    ]) {
      expect([filter, await found(filter)]).toEqual([filter, 1]);
    }
    expect(await found('title eq "orders"')).toBe(0);
    expect(await found('title eq "orders db" and tag eq "x"')).toBe(0);
    expect(await found(String.raw`title eq "x\" or title co \""`)).toBe(0);
    for (const filter of [
      '',
      'title',
      'title eq x',
      'title eq "a" xor tag eq "b"',
      'size eq "1"',
      'title eq "\\x"',
    ]) {
      expect([filter, await found(filter)]).toEqual([filter, 400]);
    }
    expect((await ask('GET', `/v1/vaults?filter=title`)).status).toBe(400);
  });

  it('knows no attribute and no path that every object has', async () => {
    const { ask, items, path } = await rig();
    for (const list of ['/v1/vaults', items]) {
      expect((await ask('GET', `${list}?filter=constructor%20eq%20%22x%22`)).status).toBe(400);
    }
    onTestFinished(() => void Reflect.deleteProperty(Object.prototype, 'polluted'));
    for (const place of [
      '/__proto__/polluted',
      '/constructor/prototype/polluted',
      '/fields/otp/__proto__/polluted',
    ]) {
      const { status } = await ask('PATCH', path, [{ op: 'add', path: place, value: 'x' }]);
      expect([place, status, 'polluted' in {}]).toEqual([place, 400, false]);
    }
  });

  it('gives items with the code of the moment', async () => {
    const { ask, path } = await rig();
    const { fields } = (await ask('GET', path, undefined, READER)).body as unknown as {
      fields: { id: string }[];
    };
    expect(fields.find(({ id }) => id === 'otp')).toMatchObject({ totp: '287082' });
    // The vectors of RFC 6238, appendix B, to six digits.
    const seed = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ';
    const codes = [59, 1_111_111_109, 1_234_567_890].map((seconds) => oneTimePassword(seed, seconds * 1_000));
    expect(codes).toEqual(['287082', '081804', '005924']);
  });

  it('keeps what it is told to', async () => {
    const { ask, items, vault, path } = await rig();
    const input = { ...AN_ITEM, title: 'new', vault: { id: vault } };
    const made = await ask('POST', items, input);
    expect(made.body).toMatchObject({ title: 'new', version: 1 });
    const place = `${items}/${String(made.body['id'])}`;
    expect((await ask('PUT', place, { ...input, title: 'newer' })).body).toMatchObject({
      title: 'newer',
      version: 2,
    });
    const patched = await ask('PATCH', place, [
      { op: 'replace', path: '/favorite', value: true },
      { op: 'remove', path: '/tags/1' },
      { op: 'replace', path: '/fields/password', value: { value: 'changed' } },
      { op: 'add', path: '/fields', value: { label: 'made', generate: true, recipe: { length: 20 } } },
      { op: 'remove', path: '/fields/otp' },
      { op: 'add', path: '/fields/username/label', value: 'user' },
    ]);
    expect(patched.body).toMatchObject({ favorite: true, tags: ['postgres'], version: 3 });
    const { fields } = patched.body as unknown as { fields: { label: string; value: string }[] };
    expect(fields.map(({ label }) => label)).toEqual(['user', 'password', 'port', 'made']);
    expect(fields.find(({ label }) => label === 'password')?.value).toBe('changed');
    expect(fields.at(-1)?.value).toHaveLength(20);
    expect((await ask('DELETE', place)).status).toBe(204);
    expect((await ask('GET', place)).status).toBe(404);
    expect((await ask('DELETE', place)).status).toBe(404);
    expect((await ask('PUT', place, input)).status).toBe(404);
    expect((await ask('PATCH', place, [])).status).toBe(404);
    expect(
      (await ask('PATCH', path, [{ op: 'replace', path: '/', value: { title: 'all' } }])).body['title'],
    ).toBe('all');
  });

  it('refuses what makes no sense', async () => {
    const { ask, items, vault, path, hidden, item } = await rig();
    for (const body of [
      '{',
      [],
      {},
      { category: 'NONE', vault: { id: vault } },
      { category: 'LOGIN', vault: { id: NOWHERE } },
      { category: 'LOGIN', vault: { id: vault }, fields: {} },
      { category: 'LOGIN', vault: { id: vault }, fields: [{ type: 'NONE' }] },
      { category: 'LOGIN', vault: { id: vault }, fields: [{ generate: true, recipe: { length: 100 } }] },
    ]) {
      expect((await ask('POST', items, body)).status).toBe(400);
      expect((await ask('PUT', path, body)).status).toBe(400);
    }
    for (const operation of [{}, { op: 'move', path: '/title' }, { op: 'remove', path: '/fields/none' }]) {
      expect((await ask('PATCH', path, [operation])).status).toBe(400);
    }
    expect((await ask('PATCH', path, {})).status).toBe(400);
    const large = { title: 'x'.repeat(1_100_000) };
    for (const [method, place] of [
      ['POST', items],
      ['PUT', path],
      ['PATCH', path],
    ] as const) {
      expect((await ask(method, place, large)).status).toBe(413);
    }
    expect((await ask('GET', `/v1/vaults/${hidden}/items`, undefined, READER)).status).toBe(403);
    expect((await ask('GET', `/v1/vaults/${hidden}/items/${item}`, undefined, READER)).status).toBe(403);
    expect((await ask('GET', `/v1/vaults/${NOWHERE}/items`)).status).toBe(404);
    expect((await ask('POST', `/v1/vaults/${NOWHERE}/items`, {})).status).toBe(400);
    expect(
      (await ask('POST', `/v1/vaults/${NOWHERE}/items`, { category: 'LOGIN', vault: { id: NOWHERE } }))
        .status,
    ).toBe(404);
  });

  it('gives files', async () => {
    const { ask, path, file, hidden } = await rig();
    expect((await ask('GET', `${path}/files`)).body).toMatchObject([{ id: file, name: 'ca.pem', size: 10 }]);
    const inline = await ask('GET', `${path}/files/${file}?inline_files=true`);
    expect(inline.body['content']).toBe(Buffer.from('-----BEGIN').toString('base64'));
    expect((await ask('GET', `${path}/files/${file}/content`)).body).toBe('-----BEGIN');
    for (const suffix of [`/files/${NOWHERE}`, `/files/${NOWHERE}/content`]) {
      expect((await ask('GET', `${path}${suffix}`)).status).toBe(404);
    }
    const elsewhere = `/v1/vaults/${hidden}/items/${NOWHERE}/files`;
    for (const suffix of ['', `/${file}`, `/${file}/content`]) {
      expect((await ask('GET', `${elsewhere}${suffix}`, undefined, READER)).status).toBe(403);
      expect((await ask('GET', `${elsewhere}${suffix}`)).status).toBe(404);
    }
  });

  it('remembers who asked for what', async () => {
    const { ask, path, hidden, vault, item } = await rig();
    await ask('GET', path, undefined, READER);
    await ask('GET', `/v1/vaults/${hidden}`, undefined, READER);
    const { body } = await ask('GET', '/v1/activity?limit=2');
    expect(body).toMatchObject([
      { action: 'READ', result: 'DENY', resource: { type: 'VAULT', vault: { id: hidden } } },
      {
        action: 'READ',
        result: 'SUCCESS',
        resource: { type: 'ITEM', vault: { id: vault }, item: { id: item } },
      },
    ]);
    expect(JSON.stringify(body)).not.toContain(READER);
    expect((await ask('GET', '/v1/activity?offset=100')).body).toEqual([]);
    expect((await ask('GET', '/v1/activity?limit=-1')).status).toBe(400);
  });

  it('fails as it is told to', async () => {
    const { server, ask, items } = await rig();
    server.fail({ status: 429, retryAfterSeconds: 7 }, { status: 500 }, { status: 503, latencyMs: 1 });
    const limited = await checkedFetch(server.url, 'GET', items, { token: READER });
    expect([limited.status, limited.headers.get('retry-after')]).toEqual([429, '7']);
    expect((await ask('GET', items)).status).toBe(500);
    expect((await ask('GET', items)).status).toBe(503);
    server.fail({ breaks: 'before' }, { breaks: 'within' }, { truncates: true });
    await expect(fetch(`${server.url}${items}`)).rejects.toThrow();
    const broken = await fetch(`${server.url}/health`);
    await expect(broken.text()).rejects.toThrow();
    const half = await (await fetch(`${server.url}/health`)).text();
    expect(() => JSON.parse(half) as unknown).toThrow();
    expect((await ask('GET', items)).status).toBe(200);
    expect(server.requests).toBe(7);
  });

  it('takes no step up', async () => {
    const { server, vault } = await rig();
    const { port, hostname } = new URL(server.url);
    const socket = connect(Number(port), hostname);
    socket.end(
      `GET /v1/vaults/${vault}/../../../health HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ${WRITER}\r\nconnection: close\r\n\r\n`,
    );
    let said = '';
    for await (const chunk of socket as AsyncIterable<Buffer>) said += chunk.toString();
    expect(said).toMatch(/^HTTP\/1.1 404 /);
  });

  it('was seen to give every answer that is described', () => {
    expect([...seen].sort()).toEqual([...described].sort());
  });

  it('would be caught with an answer that is not described', async () => {
    const { vault } = await connectFixture();
    const json = (body: unknown, status = 200) => Response.json(body, { status });
    const path = `/v1/vaults/${vault}`;
    expect(await wrongWith('GET', path, json({ id: vault }))).toContain('must have required property');
    expect(await wrongWith('GET', '/health', json({ name: 'x', version: '1.0.0', secret: 1 }))).toContain(
      'additional',
    );
    expect(await wrongWith('GET', `${path}/items`, json([{ fields: [] }]))).toContain('unevaluated');
    expect(await wrongWith('GET', path, json({}, 418))).toContain('has no 418');
  });
});
