import pg from 'pg';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';
import { leafHash } from '../../src/merkle/hash.ts';
import { postgresSchema } from '../../src/sinks/postgres-schema.ts';
import { postgresSink } from '../../src/sinks/postgres-sink.ts';
import { runSink } from '../../src/sinks/run-sink.ts';
import { openTestEngine, rigRecorder } from '../rig.ts';

let server: RunningPostgres;
let owner: pg.Client;

async function connect(user?: string): Promise<pg.Client> {
  const url = new URL(server.url);
  if (user !== undefined) [url.username, url.password] = [user, 'pw'];
  const client = new pg.Client({ connectionString: url.href });
  client.on('error', () => {});
  await client.connect();
  return client;
}

beforeAll(async () => {
  server = await startPostgres();
  owner = await connect();
  for (const _ of ['once', 'again']) await owner.query(postgresSchema());
  await owner.query("CREATE ROLE app_writer LOGIN PASSWORD 'pw' IN ROLE audit_writer");
  await owner.query("CREATE ROLE app_reader LOGIN PASSWORD 'pw' IN ROLE audit_reader");
});

afterAll(async () => {
  await owner.end();
  await server.close();
});

async function as(user: string): Promise<pg.Client> {
  const client = await connect(user);
  onTestFinished(() => client.end());
  return client;
}

async function deliver(tenants: readonly string[]) {
  const engine = await openTestEngine();
  const { recorder } = rigRecorder(engine);
  for (const tenant of tenants) {
    await recorder.append({
      action: 'key.read',
      tenant,
      actor: { id: 'bob' },
      resource: { type: 'key', id: 'a\0b' },
    });
    await engine.append(tenant, Buffer.from([0xff, 0x00]));
  }
  const running = await runSink(engine, postgresSink({ client: await as('app_writer') }), { baseDelayMs: 0 });
  onTestFinished(() => running.close());
  await running.caughtUp();
  return { engine, running };
}

describe('the PostgreSQL sink', () => {
  it('adds entries with their bytes and hashes, each once, though it may only insert', async () => {
    const { engine } = await deliver(['acme']);
    const again = await runSink(engine, postgresSink({ client: await as('app_writer'), name: 'second' }));
    await again.caughtUp();
    expect(again.stats()).toMatchObject({ delivered: 2, failures: 0 });
    await again.close();
    const { rows } = await owner.query<Record<string, unknown>>('SELECT * FROM audit.entry ORDER BY index');
    expect(rows).toMatchObject([
      {
        origin: 'audit.example/test/acme',
        index: '0',
        tenant: 'acme',
        action: 'key.read',
        actor: 'bob',
        resource: 'a\ufffdb',
      },
      { index: '1', action: null, time: null, leaf: Buffer.from([0xff, 0x00]) },
    ]);
    for (const row of rows) expect(row['leaf_hash']).toEqual(leafHash(row['leaf'] as Buffer));
  });

  it('keeps its entries from being changed, by the writer and by the owner', async () => {
    await deliver(['kept']);
    const writer = await as('app_writer');
    const changes = [
      "UPDATE audit.entry SET action = 'x'",
      'DELETE FROM audit.entry',
      'TRUNCATE audit.entry',
    ];
    for (const sql of [...changes, 'SELECT 1 FROM audit.entry']) {
      await expect(writer.query(sql), sql).rejects.toThrow('permission denied');
    }
    for (const sql of changes)
      await expect(owner.query(sql), sql).rejects.toThrow('audit entries cannot be changed');
    await owner.query('SET session_replication_role = replica');
    for (const sql of changes)
      await expect(owner.query(sql), sql).rejects.toThrow('audit entries cannot be changed');
    await owner.query('SET session_replication_role = DEFAULT');
  });

  it('shows a reader the tenant it is told, and none where it is told none', async () => {
    await deliver(['mine', 'theirs']);
    const reader = await as('app_reader');
    const tenants = async () =>
      (await reader.query<{ tenant: string }>('SELECT tenant FROM audit.entry')).rows.map(
        ({ tenant }) => tenant,
      );
    expect(await tenants()).toEqual([]);
    await reader.query("SET holdfast.tenant = 'mine'");
    expect(await tenants()).toEqual(['mine', 'mine']);
    const add =
      "INSERT INTO audit.entry (origin, index, tenant, leaf_hash, leaf) VALUES ('o', 0, 'mine', '', '')";
    await expect(reader.query(add)).rejects.toThrow('permission denied');
  });

  it('keeps tenants apart whose names PostgreSQL cannot hold', async () => {
    const odd = ['a\0', 'a\ufffd', 'a\\0', 'a\\'];
    await deliver(odd);
    const { rows } = await owner.query<{ tenant: string; origins: string }>(
      "SELECT tenant, count(DISTINCT origin) AS origins FROM audit.entry WHERE tenant LIKE 'a%' GROUP BY tenant",
    );
    const kept = rows.filter(({ tenant }) => tenant !== 'acme');
    expect(kept).toHaveLength(odd.length);
    for (const { origins } of kept) expect(origins).toBe('1');
    expect(kept.map(({ tenant }) => tenant)).toEqual(
      expect.arrayContaining(['a\\0', 'a\ufffd', 'a\\\\0', 'a\\\\']),
    );
  });

  it('goes on when the database comes back', async () => {
    const { engine } = await deliver(['first']);
    const pool = new pg.Pool({ connectionString: server.url, max: 1 });
    pool.on('error', () => {});
    onTestFinished(() => pool.end());
    await owner.end();
    await server.stop();
    const running = await runSink(engine, postgresSink({ client: pool, name: 'pool' }), {
      baseDelayMs: 1,
      openMs: 10,
    });
    onTestFinished(() => running.close());
    while (running.stats().failures === 0) await new Promise((resolve) => setImmediate(resolve));
    await server.start();
    owner = await connect();
    await running.caughtUp();
    expect(running.stats()).toMatchObject({ lag: 0, error: undefined });
  });
});

it('the names of the schema and the roles cannot carry SQL', () => {
  expect(() => postgresSchema({ schema: 'a; DROP TABLE b' })).toThrow('postgresSchema: schema must match');
  expect(() => postgresSchema({ writer: 'x', reader: 'x' })).toThrow(
    'postgresSchema: writer must differ from reader',
  );
  expect(() => postgresSink({ client: { query: async () => {} }, schema: 'a"b' })).toThrow(
    'postgresSink: schema must match',
  );
  expect(() => postgresSink({} as never)).toThrow(
    'postgresSink: client must be an object with the method query',
  );
});
