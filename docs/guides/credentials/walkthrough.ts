/**
 * What a broker does, on real things: a role in PostgreSQL, an SSH certificate, a secret from an encrypted file and a call
 * of an API; at the end, whether the audit log of it all holds. From a clone of this repository:
 *
 *     npm exec -- node --conditions=@holdfast/source docs/guides/credentials/walkthrough.ts
 */
import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { directorySource, generateSigner, openAudit, trustLog, verifyLog, vkeyOf } from '@holdfast/audit';
import {
  createBroker,
  createRedactor,
  definePolicy,
  Secret,
  type Broker,
  type Credential,
  type Grant,
  type Principal,
} from '@holdfast/credential-broker';
import { fileVault, sshCertificates } from '@holdfast/credential-broker/backends';
import { createEgress } from '@holdfast/credential-broker/egress';
import { createInjector } from '@holdfast/credential-broker/injection';
import { postgresRoles } from '@holdfast/credential-broker/postgres';
import { Client } from 'pg';
import { openApi, openDatabase, openFolder } from './place.ts';

const ORIGIN = 'audit.example/broker';

/** As your service has authenticated them: nobody says of themselves who they are. */
const agent: Principal = { id: 'agent-7', tenant: 'acme', type: 'agent' };
const worker: Principal = { id: 'worker-1', tenant: 'acme', type: 'workload' };

const policy = definePolicy({
  rules: [
    { id: 'orders', tenants: ['acme'], refs: ['pg://orders'], scopes: ['read', 'write'] },
    { id: 'deploy', tenants: ['acme'], refs: ['ssh://deploy'], maxTtlSeconds: 600 },
    { id: 'payments', tenants: ['acme'], refs: ['vault://prod/payments'], oneTime: false },
  ],
});

type Print = (line: string) => void;
type Database = Awaited<ReturnType<typeof openDatabase>>;

const seconds = ({ issuedAtMs, expiresAtMs }: Grant) => Math.round((expiresAtMs - issuedAtMs) / 1_000);
const reveal = (credential: Credential, field: string) => credential[field]?.reveal() ?? '';
const isCode = (code: string) => (error: unknown) => (error as { readonly code?: unknown }).code === code;

async function databaseRole(broker: Broker, database: Database, print: Print): Promise<void> {
  print('A role in PostgreSQL');
  const grant = await broker.issue({
    principal: agent,
    resource: { type: 'database', ref: 'pg://orders' },
    scope: ['read', 'write'],
    reason: 'ticket 4711',
  });
  print(`  issued to ${agent.id} for ${seconds(grant)} s: a handle, and no role yet`);

  const narrower = await broker.attenuate(grant.handle ?? '', agent, {
    redeemer: worker.id,
    scope: ['read'],
    ttlSeconds: 120,
  });
  print(`  attenuated for ${worker.id} to ${narrower.scope.join()} and ${seconds(narrower)} s`);

  using redeemed = await broker.redeem(narrower.handle ?? '', worker);
  const login = database.urlFor(
    reveal(redeemed.credential, 'username'),
    reveal(redeemed.credential, 'password'),
  );
  const session = new Client({ connectionString: login });
  session.on('error', () => {}); // it will be ended
  await session.connect();
  assert.equal((await session.query('SELECT id FROM orders')).rowCount, 1);
  await assert.rejects(session.query('INSERT INTO orders VALUES (2)'), /permission denied/);
  print(`  redeemed by ${worker.id}: the role may select, and not insert`);
  await assert.rejects(broker.redeem(narrower.handle ?? '', worker), isCode('ERR_BROKER_UNKNOWN'));
  print('  redeemed again: refused');

  const validUntil = `SELECT rolvaliduntil FROM pg_roles WHERE rolname = $1`;
  const role = [reveal(redeemed.credential, 'username')];
  const before = (await database.admin.query<{ rolvaliduntil: Date }>(validUntil, role)).rows[0];
  await broker.renew(narrower.leaseId, worker, 240);
  const after = (await database.admin.query<{ rolvaliduntil: Date }>(validUntil, role)).rows[0];
  assert.ok(before && after && after.rolvaliduntil > before.rolvaliduntil);
  print('  renewed: the database lets the role in for longer');

  const ended = await broker.revoke({ leaseId: grant.leaseId }, agent);
  await assert.rejects(session.query('SELECT 1'));
  await assert.rejects(new Client({ connectionString: login }).connect(), /authentication failed/);
  assert.equal((await database.admin.query(validUntil, role)).rowCount, 0);
  print(`  revoked, ${ended} leases: the session has ended, and the role is gone`);
}

async function sshCertificate(
  broker: Broker,
  publicKey: string,
  show: (certificate: string) => string,
  print: Print,
) {
  print('An SSH certificate');
  const grant = await broker.issue({
    principal: agent,
    resource: { type: 'ssh', ref: 'ssh://deploy' },
    parameters: { publicKey },
  });
  print(`  issued to ${agent.id} for ${seconds(grant)} s`);
  const narrower = await broker.attenuate(grant.handle ?? '', agent, { ttlSeconds: 60 });
  print(`  attenuated to ${seconds(narrower)} s`);
  const { expiresAtMs } = await broker.renew(narrower.leaseId, agent, 120);
  assert.ok(expiresAtMs > narrower.expiresAtMs);
  print('  renewed before it is used');
  using redeemed = await broker.redeem(narrower.handle ?? '', agent);
  const text = show(reveal(redeemed.credential, 'certificate'));
  assert.match(text, /Principals:\s+deploy\n/);
  assert.match(text, /Key ID: "holdfast acme agent-7 /);
  print('  redeemed: ssh-keygen reads a certificate for the user deploy');
  const ended = await broker.revoke({ leaseId: grant.leaseId }, agent);
  print(`  revoked, ${ended} lease: nothing more comes of it; the certificate ends by itself`);
}

async function vaultSecret(broker: Broker, token: string, print: Print): Promise<void> {
  print('A secret from the vault');
  const resource = { type: 'api', ref: 'vault://prod/payments' } as const;
  const grant = await broker.issue({ principal: agent, resource });
  print(`  issued to ${agent.id} for ${seconds(grant)} s`);
  const narrower = await broker.attenuate(grant.handle ?? '', agent, { redeemer: worker.id, ttlSeconds: 60 });
  print(`  attenuated for ${worker.id} to ${seconds(narrower)} s`);
  const fits = await broker.withSecret(
    narrower.handle ?? '',
    worker,
    (credential) => reveal(credential, 'token') === token,
  );
  assert.ok(fits);
  print('  redeemed, used and cleared');
  const { expiresAtMs } = await broker.renew(narrower.leaseId, worker, 120);
  assert.ok(expiresAtMs > narrower.expiresAtMs);
  print('  renewed');
  const ended = await broker.revoke({ leaseId: grant.leaseId }, agent);
  await assert.rejects(broker.redeem(narrower.handle ?? '', worker), isCode('ERR_BROKER_UNKNOWN'));
  print(`  revoked, ${ended} leases: the handles are worth nothing`);
  await assert.rejects(
    broker.issue({ principal: agent, resource: { type: 'api', ref: 'vault://prod/payroll' } }),
    isCode('ERR_BROKER_DENIED'),
  );
  print('  another secret: refused, for no rule allows it');
}

async function callByInjection(broker: Broker, token: string, print: Print): Promise<void> {
  print('A call of an API');
  await using api = await openApi(token);
  // An API on this machine, by plain HTTP: neither is let out unless it is said.
  const egress = createEgress({ allowNetworks: ['127.0.0.1'], allowHttp: true, ports: [api.port] });
  const injector = createInjector({
    broker,
    egress,
    redactor: createRedactor(),
    rules: [
      {
        id: 'payments',
        refs: ['vault://prod/payments'],
        origin: api.origin,
        paths: ['/v1/payments/*'],
        inject: [{ into: 'header', name: 'authorization', template: 'Bearer {token}' }],
      },
    ],
  });
  const resource = { type: 'api', ref: 'vault://prod/payments' } as const;
  const { handle = '' } = await broker.issue({ principal: agent, resource, mode: 'injected' });
  const answer = await injector.fetch(handle, agent, { url: `${api.origin}/v1/payments/7` });
  print(`  injected: ${answer.status} ${await answer.text()}`);
  await assert.rejects(
    injector.fetch(handle, agent, { url: `${api.origin}/v1/refunds/7` }),
    isCode('ERR_INJECTION'),
  );
  print('  another path: refused');
  await assert.rejects(broker.redeem(handle, agent), isCode('ERR_BROKER_DENIED'));
  print(`  redeemed by ${agent.id} itself: refused`);
  await egress.close();
}

/** @throws {@link AssertionError} when anything is not as it should be */
export async function walkthrough(print: Print): Promise<void> {
  const token = randomBytes(24).toString('base64url');
  await using database = await openDatabase();
  using folder = openFolder(token);
  const signer = generateSigner();
  const dir = folder.file('audit');
  const audit = await openAudit({ dir, origin: ORIGIN, signer, lifecycle: false });
  const broker = createBroker({
    backends: {
      pg: postgresRoles({
        pool: database.pool,
        roles: { orders: { grants: { read: ['orders_reader'], write: ['orders_writer'] } } },
      }),
      ssh: sshCertificates({ caKey: folder.file('ssh-ca'), principals: ['deploy'] }),
      vault: fileVault({ file: folder.vault, key: new Secret(folder.key) }),
    },
    policy,
    audit,
  });
  const show = (certificate: string) =>
    execFileSync('ssh-keygen', ['-L', '-f', '-'], { input: certificate, encoding: 'utf8' });

  await databaseRole(broker, database, print);
  await sshCertificate(broker, folder.agentKey, show, print);
  await vaultSecret(broker, token, print);
  await callByInjection(broker, token, print);
  await broker.close();

  print('The audit log');
  // The index that answers is filled after entries are durable.
  await audit.flush();
  const { records } = await audit.query({ tenant: 'acme', limit: 100 });
  for (const { event } of records.toSorted((a, b) => a.index - b.index)) {
    print(`  ${event?.actor?.id} ${event?.action} ${event?.resource?.id} ${event?.outcome}`);
  }
  await audit.close();
  const report = await verifyLog({
    source: directorySource(path.join(dir, 'logs/acme')),
    policy: trustLog(vkeyOf(`${ORIGIN}/acme`, signer)),
  });
  assert.deepEqual(report.findings, []);
  assert.equal(report.size, records.length);
  print(`  verified: ${report.size} entries, none changed, none missing`);
  const written = readdirSync(dir, { recursive: true, withFileTypes: true }).filter((each) => each.isFile());
  const holds = (text: string) =>
    written.some((each) => readFileSync(path.join(each.parentPath, each.name)).includes(text));
  assert.ok(holds('ticket 4711'));
  assert.ok(!holds(token));
  print('  searched for the secret: not there');
}

if (import.meta.main) await walkthrough(console.log);
