import { randomUUID } from 'node:crypto';
import { BackendError, type BackendRequest, type Credential } from '@holdfast/credential-broker';
import { postgresRoles, type PostgresPool } from '@holdfast/credential-broker/postgres';
import { Client, Pool } from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';

const never = new AbortController().signal;

let server: RunningPostgres;
let admin: Pool;
let pool: Pool;

const as = (user: string, password: string) => {
  const url = new URL(server.url);
  url.username = user;
  url.password = password;
  return url.href;
};

beforeAll(async () => {
  server = await startPostgres();
  admin = new Pool({ connectionString: server.url });
  await admin.query(`
    CREATE TABLE orders (id integer PRIMARY KEY);
    INSERT INTO orders VALUES (1);
    CREATE ROLE orders_reader; GRANT SELECT ON orders TO orders_reader;
    CREATE ROLE orders_writer; GRANT INSERT ON orders TO orders_writer;
    CREATE ROLE forbidden;
    CREATE ROLE broker LOGIN CREATEROLE PASSWORD 'broker';
    GRANT orders_reader, orders_writer TO broker WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;
    GRANT pg_signal_backend TO broker;
    GRANT CREATE ON SCHEMA public TO orders_writer;
  `);
  pool = new Pool({ connectionString: as('broker', 'broker') });
  for (const each of [admin, pool]) each.on('error', () => {});
});
afterAll(async () => {
  await pool.end();
  await admin.end();
  await server.close();
});

const makeBackend = (over: PostgresPool = pool) =>
  postgresRoles({
    pool: over,
    roles: {
      orders: {
        grants: { read: ['orders_reader'], write: ['orders_writer'] },
        maxTtlMs: 60_000,
        connections: 2,
        fields: { database: 'postgres' },
      },
      broken: { grants: { read: ['forbidden'] } },
    },
  });

const aRequest = (given: Partial<BackendRequest> = {}): BackendRequest => ({
  resource: { type: 'database', ref: 'pg://orders' },
  path: 'orders',
  scope: ['read'],
  ttlMs: 30_000,
  tenant: 'acme',
  principal: 'agent-7',
  leaseId: randomUUID(),
  parameters: {},
  ...given,
});

const field = (credential: Credential, name: string) => credential[name]?.reveal() ?? '';

/** Connects as the role that was made; ended after the test. */
async function connect(credential: Credential): Promise<Client> {
  const client = new Client({
    connectionString: as(field(credential, 'username'), field(credential, 'password')),
  });
  client.on('error', () => {});
  onTestFinished(() => client.end().catch(() => undefined));
  await client.connect();
  return client;
}

const failureOf = (promise: Promise<unknown>) =>
  promise.then(
    () => 'none',
    (error: unknown) => (error instanceof BackendError ? error.failure : error),
  );

const rolesLeft = async () => {
  const { rows } = await admin.query<{ rolname: string }>(
    `SELECT rolname FROM pg_roles WHERE starts_with(rolname, 'hf_')`,
  );
  return rows;
};

describe('postgresRoles', () => {
  it('makes a role that can log in and do what its scope says, and no more', async () => {
    const backend = makeBackend();
    const { credential, ref, expiresAtMs } = await backend.issue(aRequest(), never);
    expect(field(credential, 'database')).toBe('postgres');
    expect(field(credential, 'username')).toBe(ref);
    expect(expiresAtMs).toBeGreaterThan(Date.now());
    const client = await connect(credential);
    expect((await client.query('SELECT id FROM orders')).rows).toEqual([{ id: 1 }]);
    await expect(client.query('INSERT INTO orders VALUES (2)')).rejects.toThrow(/permission denied/);
    await expect(client.query('CREATE ROLE evil')).rejects.toThrow(/permission denied/);
    await expect(client.query(`ALTER ROLE ${ref} SUPERUSER`)).rejects.toThrow(/permission denied/);
    await backend.revoke?.(ref ?? '', never);
  });

  it('gives the rights of every scope that was asked for', async () => {
    const backend = makeBackend();
    const { credential, ref } = await backend.issue(aRequest({ scope: ['read', 'write', 'read'] }), never);
    const client = await connect(credential);
    await client.query('INSERT INTO orders VALUES (3)');
    expect((await client.query('SELECT id FROM orders WHERE id = 3')).rows).toHaveLength(1);
    await backend.revoke?.(ref ?? '', never);
    await admin.query('DELETE FROM orders WHERE id = 3');
  });

  it('ends the role and its sessions at once when it is revoked, and owns nothing afterwards', async () => {
    const backend = makeBackend();
    const { credential, ref } = await backend.issue(aRequest({ scope: ['read', 'write'] }), never);
    const client = await connect(credential);
    await client.query('CREATE TABLE made_by_agent (id integer)');
    const ended = new Promise<void>((resolve) => client.on('end', () => resolve()));
    await backend.revoke?.(ref ?? '', never);
    await ended;
    await expect(connect(credential)).rejects.toThrow(/password authentication failed/);
    expect(await rolesLeft()).toEqual([]);
    const { rows } = await admin.query(`SELECT tableowner FROM pg_tables WHERE tablename = 'made_by_agent'`);
    expect(rows).toEqual([{ tableowner: 'orders_writer' }]);
    await admin.query('DROP TABLE made_by_agent');
  });

  it('gives no code that a role leaves behind the rights of the broker', async () => {
    const backend = makeBackend();
    const attacker = await backend.issue(aRequest({ scope: ['write'] }), never);
    const writer = await connect(attacker.credential);
    await writer.query(`CREATE FUNCTION run(command text) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
      AS $$ BEGIN EXECUTE command; END $$`);
    await writer.query('CREATE VIEW peek AS SELECT usename, query FROM pg_stat_activity');
    await backend.revoke?.(attacker.ref ?? '', never);
    const accomplice = await backend.issue(aRequest({ scope: ['read'] }), never);
    const reader = await connect(accomplice.credential);
    await expect(reader.query(`SELECT run('CREATE ROLE evil LOGIN')`)).rejects.toThrow();
    await backend.revoke?.(accomplice.ref ?? '', never);
    const { rows } = await admin.query(`SELECT 1 FROM pg_roles WHERE rolname = 'evil'`);
    expect(rows).toEqual([]);
    const owned = `SELECT 1 FROM pg_shdepend WHERE deptype = 'o' AND refobjid = 'broker'::regrole`;
    expect((await admin.query(owned)).rows).toEqual([]);
    expect(await rolesLeft()).toEqual([]);
    await admin.query('DROP FUNCTION run; DROP VIEW peek');
  });

  it('resolves when what is revoked is gone', async () => {
    const backend = makeBackend();
    const { ref = '' } = await backend.issue(aRequest(), never);
    await backend.revoke?.(ref, never);
    await backend.revoke?.(ref, never);
  });

  it('lets nobody in whose time is over, and prolongs it', async () => {
    const backend = makeBackend();
    const { credential, ref = '' } = await backend.issue(aRequest({ ttlMs: 1 }), never);
    await expect(connect(credential)).rejects.toThrow(/password authentication failed/);
    expect(await backend.renew?.(ref, 60_000, never)).toBeGreaterThan(Date.now());
    await (await connect(credential)).query('SELECT 1');
    await backend.revoke?.(ref, never);
  });

  it('drops what a crash left behind once its time is over, and nothing else', async () => {
    const backend = makeBackend();
    const over = await backend.issue(aRequest({ ttlMs: 1 }), never);
    const alive = await backend.issue(aRequest(), never);
    await admin.query(`CREATE ROLE other VALID UNTIL '2020-01-01'`);
    expect(await backend.removeExpired()).toBe(1);
    expect(await rolesLeft()).toEqual([{ rolname: alive.ref }]);
    expect(over.ref).not.toBe(alive.ref);
    expect((await admin.query(`SELECT 1 FROM pg_roles WHERE rolname = 'other'`)).rows).toHaveLength(1);
    await backend.revoke?.(alive.ref ?? '', never);
  });

  it('drops the others when one cannot be dropped, and tells of all that could not', async () => {
    const backend = makeBackend();
    // The broker has no rights over these; the last is no name that it ever gives.
    const foreign = ['hf_a', 'hf_b', '"hf_C"'];
    for (const role of foreign) await admin.query(`CREATE ROLE ${role} VALID UNTIL '2020-01-01'`);
    onTestFinished(async () => void (await admin.query(`DROP ROLE ${foreign.join()}`)));
    await backend.issue(aRequest({ ttlMs: 1 }), never);
    const failure = await backend.removeExpired().catch((error: unknown) => error);
    expect(failure).toBeInstanceOf(AggregateError);
    expect(failure).toMatchObject({
      message: 'removeExpired: 2 of 3 roles could not be dropped',
      errors: [{ code: '42501' }, { code: '42501' }],
    });
    expect((await rolesLeft()).map(({ rolname }) => rolname).sort()).toEqual(['hf_C', 'hf_a', 'hf_b']);
  });

  it('makes one role for one lease, however often it is asked: the last password counts', async () => {
    const backend = makeBackend();
    const request = aRequest();
    const first = await backend.issue(request, never);
    const second = await backend.issue(request, never);
    expect(second.ref).toBe(first.ref);
    expect(await rolesLeft()).toHaveLength(1);
    await expect(connect(first.credential)).rejects.toThrow(/password authentication failed/);
    await connect(second.credential);
    await backend.revoke?.(second.ref ?? '', never);
  });

  it('lets a role live no longer than its template, and no more connections in', async () => {
    const backend = makeBackend();
    expect(await backend.inspect(aRequest(), never)).toEqual({ maxTtlMs: 60_000 });
    const { credential, ref, expiresAtMs = Infinity } = await backend.issue(aRequest({ ttlMs: 1e9 }), never);
    expect(expiresAtMs).toBeLessThanOrEqual(Date.now() + 60_000);
    await connect(credential);
    await connect(credential);
    await expect(connect(credential)).rejects.toThrow(/too many connections/);
    await backend.revoke?.(ref ?? '', never);
  });

  it('refuses what no template says', async () => {
    const backend = makeBackend();
    expect(await failureOf(backend.inspect(aRequest({ path: 'other' }), never))).toBe('not-found');
    expect(await failureOf(backend.issue(aRequest({ path: '__proto__' }), never))).toBe('not-found');
    expect(await failureOf(backend.inspect(aRequest({ scope: ['admin'] }), never))).toBe('denied');
    expect(await failureOf(backend.issue(aRequest({ scope: ['constructor'] }), never))).toBe('denied');
    expect(await rolesLeft()).toEqual([]);
  });

  it('drops no role that is not its own', async () => {
    const backend = makeBackend();
    for (const ref of ['postgres', 'broker', 'hf_x; DROP TABLE orders', 'HF_X', ''])
      expect(await failureOf(Promise.resolve().then(() => backend.revoke?.(ref, never)))).toBe('invalid');
  });

  it('says what the database does not let it do, and leaves nothing half done', async () => {
    const backend = makeBackend();
    expect(await failureOf(backend.issue(aRequest({ path: 'broken' }), never))).toBe('denied');
    expect(await rolesLeft()).toEqual([]);
  });

  it('tells a database that is gone from one that says no', async () => {
    const gone = new Pool({ connectionString: 'postgres://broker:broker@127.0.0.1:1/postgres' });
    onTestFinished(() => gone.end());
    const backend = makeBackend(gone);
    expect(await failureOf(backend.issue(aRequest(), never))).toBe('unavailable');
    expect(await failureOf(backend.health(never))).toBe('unavailable');
    await makeBackend().health(never);
  });

  it('does not wait longer than its signal, and drops what was made for nobody', async () => {
    const backend = makeBackend();
    const controller = new AbortController();
    const reason = new Error('enough');
    const lease = backend.issue(aRequest(), controller.signal).catch((error: unknown) => error);
    controller.abort(reason);
    expect(await lease).toBe(reason);
    await expect.poll(rolesLeft).toEqual([]);
  });

  it('tells the server no password', async () => {
    const seen: string[] = [];
    const spied: PostgresPool = {
      query: (sql, values) => (seen.push(sql, JSON.stringify(values ?? [])), pool.query(sql, values)),
      connect: async () => {
        const client = await pool.connect();
        return {
          query: (sql, values) => (seen.push(sql, JSON.stringify(values ?? [])), client.query(sql, values)),
          release: (destroy) => client.release(destroy),
        };
      },
    };
    const backend = makeBackend(spied);
    const { credential, ref = '' } = await backend.issue(aRequest(), never);
    expect(seen.join()).toContain(ref);
    expect(seen.join()).not.toContain(field(credential, 'password'));
    await backend.revoke?.(ref, never);
  });

  it('names an option that is wrong', () => {
    expect(() => postgresRoles({ pool, roles: { a: { grants: { read: ['x; DROP'] } } } })).toThrow(
      /roles\.a\.grants must give lists of role names/,
    );
    expect(() => postgresRoles({ pool, roles: {}, prefix: 'Bad-' })).toThrow(/prefix must match/);
    expect(() => postgresRoles({ pool, roles: { a: { grants: {}, connections: 0 } } })).toThrow(RangeError);
    expect(() => postgresRoles({ roles: {} } as never)).toThrow(/pool/);
  });
});
