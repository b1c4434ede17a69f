import type { IncomingMessage, ServerResponse } from 'node:http';
import { inspect } from 'node:util';
import { describe, expect, it } from 'vitest';
import { Secret } from '@holdfast/credential-broker';
import { onePasswordConnect, onePasswordQuotas } from '@holdfast/credential-broker/backends';
import { never, requestFor, revealed } from '../backend-request.ts';
import { scriptedServer } from '../scripted-server.ts';

const VAULT = 'vvvvvvvvvvvvvvvvvvvvvvvvv1';
const ITEM = 'iiiiiiiiiiiiiiiiiiiiiiiii1';
const FILE = 'fffffffffffffffffffffffff1';
const TOKEN = 'canary-token-4711';

const section = { id: 'admin1', label: 'Admin' };
const item = {
  id: ITEM,
  title: 'orders db',
  vault: { id: VAULT },
  category: 'DATABASE',
  sections: [section],
  fields: [
    { id: 'username', type: 'STRING', purpose: 'USERNAME', label: 'Benutzername', value: 'orders' },
    { id: 'password', type: 'CONCEALED', purpose: 'PASSWORD', label: 'Kennwort', value: 'hunter2' },
    { id: 'notesPlain', type: 'STRING', purpose: 'NOTES', label: 'notes', value: '' },
    {
      id: 'otp1',
      type: 'OTP',
      label: 'one-time password',
      value: 'otpauth://totp/x?secret=SEED',
      totp: '134253',
    },
    { id: 'mail', type: 'EMAIL', label: 'email', value: 'a@example.com' },
    { id: 'mail2', type: 'EMAIL', label: 'email', value: 'b@example.com', section },
    { id: 'mail3', type: 'EMAIL', label: 'email', value: 'c@example.com', section },
    { id: 'site', type: 'URL', label: 'site', value: 'https://example.com' },
    { id: 'since', type: 'DATE', label: 'since', value: 1_700_000_000 },
    { id: 'ends', type: 'MONTH_YEAR', label: 'ends', value: '203001' },
    { id: 'phone', type: 'PHONE', label: 'phone', value: '+49 1' },
    { id: 'kind', type: 'MENU', label: 'type', value: 'postgresql' },
    {
      id: 'private_key',
      type: 'SSHKEY',
      label: 'private key',
      value: '-----BEGIN PRIVATE KEY-----',
      ssh_formats: { openssh: { value: '-----BEGIN OPENSSH PRIVATE KEY-----' } },
    },
    { id: 'twin1', type: 'STRING', label: 'twin', value: '1', section },
    { id: 'twin2', type: 'STRING', label: 'twin', value: '2', section: { id: 'other' } },
    { id: 'new', type: 'A_KIND_OF_TOMORROW', label: 'new', value: 'x' },
  ],
  files: [{ id: FILE, name: 'ca.pem', size: 3 }],
};

const json = (response: ServerResponse, body: unknown) =>
  response.setHeader('content-type', 'application/json').end(JSON.stringify(body));

function connect({ url = '' }: IncomingMessage, response: ServerResponse) {
  if (url === '/heartbeat') response.end('.');
  else if (url.startsWith('/v1/vaults?')) json(response, [{ id: VAULT, name: 'prod' }]);
  else if (url.startsWith(`/v1/vaults/${VAULT}/items?`)) json(response, [{ id: ITEM, title: 'orders db' }]);
  else if (url === `/v1/vaults/${VAULT}/items/${ITEM}`) json(response, item);
  else if (url.endsWith(`/files/${FILE}/content`)) response.end(Buffer.from([0, 255, 1]));
  else response.writeHead(404).end();
}

const open = (url: string, more: object = {}) =>
  onePasswordConnect({ url, token: new Secret(TOKEN), maxAnswerBytes: 10_000, ...more });

async function working(more: object = {}) {
  const { url, asked } = await scriptedServer(connect);
  return { backend: open(url, more), asked };
}

describe('onePasswordConnect', () => {
  it('gives a whole item: every field that has a value, and the code instead of the seed', async () => {
    const { backend } = await working();
    const { credential, ...lease } = await backend.issue(requestFor('prod/orders db'), never());
    // One of its fields is for one-time passwords.
    expect(lease).toEqual({ fleeting: true });
    expect(revealed(credential)).toEqual({
      username: 'orders',
      password: 'hunter2',
      'one-time password': '134253',
      email: 'a@example.com',
      'Admin.email': 'b@example.com',
      mail3: 'c@example.com',
      site: 'https://example.com',
      since: '1700000000',
      ends: '203001',
      phone: '+49 1',
      type: 'postgresql',
      'private key': '-----BEGIN PRIVATE KEY-----',
      twin: '1',
      'other.twin': '2',
      new: 'x',
    });
  });

  it.each([
    ['prod/orders db/password', { password: 'hunter2' }],
    ['prod/orders db/Kennwort', { password: 'hunter2' }],
    [`${VAULT}/${ITEM}/mail`, { email: 'a@example.com' }],
    ['prod/orders db/email', { email: 'a@example.com' }],
    ['prod/orders db/Admin/mail2', { email: 'b@example.com' }],
    ['prod/orders db/admin1/twin', { twin: '1' }],
    ['prod/orders db/one-time password?attribute=otp', { 'one-time password': '134253' }],
    ['prod/orders db/otp1', { 'one-time password': 'otpauth://totp/x?secret=SEED' }],
    ['prod/orders db/password?attribute=type', { password: 'CONCEALED' }],
    ['prod/orders db/password?attribute=title', { password: 'Kennwort' }],
    ['prod/orders db/password?attribute=purpose', { password: 'PASSWORD' }],
    [
      'prod/orders db/private key?ssh-format=openssh',
      { 'private key': '-----BEGIN OPENSSH PRIVATE KEY-----' },
    ],
  ])('resolves %j', async (path, expected) => {
    const { backend } = await working();
    expect(await backend.inspect(requestFor(path), never())).toEqual({});
    expect(revealed((await backend.issue(requestFor(path), never())).credential)).toEqual(expected);
  });

  it.each([
    ['prod/orders db/one-time password?attribute=otp', true],
    ['prod/orders db', true],
    ['prod/orders db/one-time password', undefined],
    ['prod/orders db/password', undefined],
    ['prod/orders db/ca.pem', undefined],
  ])('of %j says whether it is good for one use alone', async (path, fleeting) => {
    const { backend } = await working();
    expect((await backend.issue(requestFor(path), never())).fleeting).toBe(fleeting);
  });

  it('gives a whole item without one-time passwords to several', async () => {
    const plain = { ...item, fields: item.fields.filter(({ type }) => type !== 'OTP') };
    const { url } = await scriptedServer((_, response) => json(response, plain));
    const { fleeting } = await open(url).issue(requestFor(`${VAULT}/${ITEM}`), never());
    expect(fleeting).toBeUndefined();
  });

  it('asks no more often for any reference than its quota counts', async () => {
    const costs: number[] = [];
    for (const part of ['', '/password', '/one-time password?attribute=otp', '/Admin/mail2', '/ca.pem']) {
      for (const item of ['prod/orders db', `prod/${ITEM}`, `${VAULT}/orders db`, `${VAULT}/${ITEM}`]) {
        for (const method of ['inspect', 'issue'] as const) {
          const { backend, asked } = await working();
          await backend[method](requestFor(item + part), never());
          costs.push(asked.length);
        }
      }
    }
    expect(Math.max(...costs)).toBe(onePasswordQuotas.business.perCall);
    expect(Math.min(...costs)).toBe(1);
    expect(onePasswordQuotas.teams).toEqual({ requests: 1_000, windowMs: 3_600_000, perCall: 4 });
  });

  it.each([
    'prod/orders db',
    'prod/orders db/Kennwort',
    'prod/orders db/Admin/twin',
    'prod/orders db/ca.pem',
  ])('takes the names of %j where it takes no ids', async (path) => {
    const { backend } = await working({ ids: false });
    expect((await backend.issue(requestFor(path), never())).credential).not.toEqual({});
  });

  it.each([
    [`${VAULT}/orders db`, 'there is no vault of that name'],
    [`prod/${ITEM}`, 'there is no item of that name'],
    ['prod/orders db/mail', 'the item has no such field'],
    ['prod/orders db/password', 'the item has no such field'],
    ['prod/orders db/admin1/twin', 'the item has no such field'],
    [`prod/orders db/${FILE}`, 'the item has no such field'],
  ])('takes no ids for names where it is told so: %j', async (path, message) => {
    const refusal: unknown = expect.objectContaining({ failure: 'not-found', message });
    for (const more of [{}, { vaults: { prod: VAULT } }]) {
      const { backend } = await working({ ids: false, ...more });
      await expect(backend.issue(requestFor(path), never())).rejects.toEqual(refusal);
    }
    const { backend } = await working();
    await expect(backend.issue(requestFor(path), never())).resolves.toBeDefined();
  });

  it('gives files as they are', async () => {
    const { backend } = await working();
    expect(await backend.inspect(requestFor('prod/orders db/ca.pem'), never())).toEqual({});
    const { credential } = await backend.issue(requestFor('prod/orders db/ca.pem'), never());
    expect(credential['ca.pem']?.bytes()).toEqual(Uint8Array.of(0, 255, 1));
  });

  it.each([
    ['prod/orders db/nothing', 'not-found', 'the item has no such field'],
    ['prod/orders db/password?attribute=otp', 'not-found', 'the field has no such value'],
    ['prod/orders db/password?ssh-format=openssh', 'not-found', 'the field has no such value'],
    ['prod/nothing/password', 'not-found', 'there is no item of that name'],
    ['nothing/orders db/password', 'not-found', 'there is no vault of that name'],
    // Policies compare references exactly: a rule for one spelling must not be passed by another.
    ['Prod/orders db/password', 'not-found', 'there is no vault of that name'],
    ['prod/Orders DB/password', 'not-found', 'there is no item of that name'],
    ['prod/orders db/kennwort', 'not-found', 'the item has no such field'],
    ['prod/orders db/PASSWORD', 'not-found', 'the item has no such field'],
    ['prod/orders db/admin/mail2', 'not-found', 'the item has no such field'],
    ['prod/orders db/CA.pem', 'not-found', 'the item has no such field'],
    ['prod/orders db/twin', 'invalid', 'the field is ambiguous: 2 have the name "twin"'],
    ['prod/orders db/Admin/email', 'invalid', 'the field is ambiguous: 2 have the name "email"'],
    ['../x/y', 'invalid', 'the reference has a part'],
  ])('refuses %j', async (path, failure, message) => {
    const { backend } = await working();
    const refusal: unknown = expect.objectContaining({
      failure,
      message: expect.stringContaining(message) as unknown,
    });
    await expect(backend.issue(requestFor(path), never())).rejects.toEqual(refusal);
    await expect(backend.inspect(requestFor(path), never())).rejects.toEqual(refusal);
  });

  it('asks for names by a filter, and not at all for ids', async () => {
    const { backend, asked } = await working();
    await backend.inspect(requestFor('prod/orders db'), never());
    expect(asked.map((url) => decodeURIComponent(url.replaceAll('+', ' ')))).toEqual([
      '/v1/vaults?filter=name eq "prod"',
      `/v1/vaults/${VAULT}/items?filter=title eq "orders db"`,
      `/v1/vaults/${VAULT}/items/${ITEM}`,
    ]);
    await backend.inspect(requestFor(`${VAULT}/${ITEM}`), never());
    expect(asked).toHaveLength(4);
  });

  it('knows only the vaults that it is told of', async () => {
    const { backend, asked } = await working({ vaults: { prod: VAULT } });
    await backend.inspect(requestFor(`prod/${ITEM}`), never());
    await backend.inspect(requestFor(`${VAULT}/${ITEM}`), never());
    expect(asked).toHaveLength(2);
    const other = 'vvvvvvvvvvvvvvvvvvvvvvvvv2';
    await expect(backend.inspect(requestFor(`${other}/${ITEM}`), never())).rejects.toMatchObject({
      failure: 'not-found',
    });
    expect(asked).toHaveLength(2);
  });

  it('says that a title is ambiguous', async () => {
    const { url } = await scriptedServer(({ url }, response) =>
      json(response, [
        { id: VAULT, name: 'prod', title: url },
        { id: ITEM, name: 'prod' },
      ]),
    );
    await expect(open(url).inspect(requestFor('prod/x'), never())).rejects.toMatchObject({
      failure: 'invalid',
      message: 'the vault is ambiguous: 2 have the name "prod"; refer to one by its id',
    });
  });

  it('lets no id of an answer lead elsewhere', async () => {
    const { url, asked } = await scriptedServer((_, response) =>
      json(response, [{ id: '../../other', name: 'prod' }]),
    );
    await expect(open(url).inspect(requestFor('prod/x'), never())).rejects.toMatchObject({
      failure: 'invalid',
    });
    expect(asked).toHaveLength(1);
  });

  const ref = requestFor(`${VAULT}/${ITEM}`);
  it.each([
    [401, {}, { failure: 'denied', transient: false }],
    [403, {}, { failure: 'denied', transient: true }],
    [404, {}, { failure: 'not-found', transient: false }],
    [400, {}, { failure: 'invalid', transient: false }],
    [302, { location: 'http://127.0.0.1:9/' }, { failure: 'invalid' }],
    [429, { 'retry-after': '7' }, { failure: 'quota', retryAfterMs: 7_000 }],
    [503, { 'retry-after': '3' }, { failure: 'unavailable', transient: true, retryAfterMs: 3_000 }],
    [500, {}, { failure: 'unavailable', retryAfterMs: undefined }],
  ])('tells what %s means', async (status, headers, expected) => {
    const { url, asked } = await scriptedServer((_, response) =>
      response.writeHead(status, headers).end('{"message":"canary-answer"}'),
    );
    const error: unknown = await open(url)
      .issue(ref, never())
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'BackendError', ...expected });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary/);
    expect(asked).toHaveLength(1);
  });

  it.each<[string, string, (response: ServerResponse) => void]>([
    ['a connection that is reset', 'unavailable', (response) => response.destroy()],
    [
      'an answer that breaks off',
      'unavailable',
      (response) => {
        response.writeHead(200, { 'content-length': '100' }).write('{"canary":');
        setImmediate(() => response.destroy());
      },
    ],
    ['half of a JSON text', 'invalid', (response) => response.end('{"value":"canary')],
    ['another shape', 'invalid', (response) => response.end('["canary"]')],
    ['fields of another shape', 'invalid', (response) => response.end('{"fields":{"canary":1}}')],
    ['too much', 'invalid', (response) => response.end(`"${'canary'.repeat(2_000)}"`)],
    [
      'too much, without saying so before',
      'invalid',
      (response) => {
        response.write('x'.repeat(6_000));
        response.end('canary'.repeat(1_000));
      },
    ],
  ])('refuses %s', async (_, failure, answer) => {
    const { url } = await scriptedServer((_, response) => answer(response));
    const error: unknown = await open(url)
      .issue(ref, never())
      .catch((error: unknown) => error);
    expect(error).toMatchObject({ name: 'BackendError', failure });
    expect(inspect(error, { depth: 9, showHidden: true })).not.toMatch(/canary/);
  });

  it.each([
    ['says so', (response: ServerResponse) => response.end('x'.repeat(10_001))],
    [
      'does not',
      (response: ServerResponse) => (response.write('x'.repeat(6_000)), response.end('x'.repeat(6_000))),
    ],
  ])('reads no answer that is too large, whether or not it %s before', async (_, answer) => {
    const { url } = await scriptedServer((_, response) => answer(response));
    await expect(open(url).issue(ref, never())).rejects.toThrow('the answer is larger than maxAnswerBytes');
  });

  it('says that nobody listens', async () => {
    const { url } = await scriptedServer(() => {});
    const { port } = new URL(url);
    const backend = open(`http://127.0.0.1:${port === '1' ? 2 : 1}`);
    await expect(backend.health(never())).rejects.toMatchObject({ failure: 'unavailable' });
  });

  it('stops waiting in the moment of the abort, with its reason', async () => {
    const reason = new Error('enough');
    const abort = new AbortController();
    const { url } = await scriptedServer(() => abort.abort(reason));
    await expect(open(url).issue(ref, abort.signal)).rejects.toBe(reason);
    await expect(open(url).issue(ref, abort.signal)).rejects.toBe(reason);
  });

  it('answers for the health of the server', async () => {
    const { backend, asked } = await working();
    await expect(backend.health(never())).resolves.toBeUndefined();
    expect(asked).toEqual(['/heartbeat']);
  });

  it('shows its token to the server alone', async () => {
    let sent: string | undefined;
    const { url } = await scriptedServer((request, response) => {
      sent = request.headers.authorization;
      connect(request, response);
    });
    const backend = open(url);
    await backend.health(never());
    expect(sent).toBe(`Bearer ${TOKEN}`);
    expect(inspect(backend, { depth: 9, showHidden: true })).not.toContain(TOKEN);
  });

  it('checks its options, and repeats none that may be secret', () => {
    const token = new Secret(TOKEN);
    const url = 'http://localhost:8080';
    for (const [options, rule] of [
      [{ url: `http://u:${TOKEN}@h`, token }, 'url must be an http: or https: URL'],
      [{ url: 'file:///etc/passwd', token }, 'url must be'],
      [{ url, token: TOKEN }, 'token must be a Secret'],
      [{ url }, 'token must be a Secret'],
      [{ url, token, vaults: { prod: '../x' } }, 'vaults must be an object whose values are ids'],
      [{ url, token, quota: { requests: 0, windowMs: 1, perCall: 1 } }, 'quota must be an object'],
      [{ url, token, ids: 'no' }, 'ids must be'],
      [{ url, token, maxAnswerBytes: 1 }, 'maxAnswerBytes must be an integer >= 1024'],
    ] as const) {
      const making = () => onePasswordConnect(options as never);
      expect(making).toThrow(rule);
      expect(making).not.toThrow(TOKEN);
    }
    const { quota, keepsSecrets } = onePasswordConnect({ url, token });
    expect([quota, keepsSecrets]).toEqual([onePasswordQuotas.business, true]);
  });
});
