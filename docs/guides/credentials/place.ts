/** What the walkthrough works with, all of it real and gone afterwards. */
import { execFileSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { Pool } from 'pg';
import { startPostgres } from '../../../scripts/services/postgres.ts';

/** A database with a table and two sets of rights; a broker that may hand them on, and do nothing else. */
const DATABASE = `
  CREATE TABLE orders (id integer PRIMARY KEY);
  INSERT INTO orders VALUES (1);
  CREATE ROLE orders_reader; GRANT SELECT ON orders TO orders_reader;
  CREATE ROLE orders_writer; GRANT INSERT ON orders TO orders_writer;
  CREATE ROLE broker LOGIN CREATEROLE PASSWORD 'broker';
  GRANT orders_reader, orders_writer TO broker WITH ADMIN OPTION, INHERIT FALSE, SET FALSE;
  GRANT pg_signal_backend TO broker;
`;

/** Starts PostgreSQL. */
export async function openDatabase() {
  const server = await startPostgres();
  const urlFor = (user: string, password: string) => {
    const url = new URL(server.url);
    return Object.assign(url, { username: user, password }).href;
  };
  const admin = new Pool({ connectionString: server.url });
  await admin.query(DATABASE);
  const pool = new Pool({ connectionString: urlFor('broker', 'broker') });
  // The server goes before the last connections notice.
  for (const each of [admin, pool]) each.on('error', () => {});
  const close = async () => {
    await Promise.all([admin.end(), pool.end()]);
    await server.close();
  };
  return { pool, admin, urlFor, [Symbol.asyncDispose]: close };
}

/** A folder that is gone afterwards, with the key of an SSH authority, the key of an agent, and an encrypted vault. */
export function openFolder(apiToken: string) {
  const dir = mkdtempSync(path.join(tmpdir(), 'walkthrough-'));
  const file = (name: string) => path.join(dir, name);
  for (const name of ['ssh-ca', 'agent']) {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', file(name)]);
  }
  const key = randomBytes(32);
  writeFileSync(file('vault.key'), key.toString('hex'), { mode: 0o600 });
  const vault = file('secrets.vault');
  holdfastVault(['init', vault, '--key-file', file('vault.key')]);
  holdfastVault(
    ['add', vault, 'prod/payments', '--field', 'token', '--key-file', file('vault.key')],
    apiToken,
  );
  const agentKey = readFileSync(file('agent.pub'), 'utf8');
  const close = () => rmSync(dir, { recursive: true, force: true });
  return { dir, file, vault, key, agentKey, [Symbol.dispose]: close };
}

/** Outside of this repository: `npx holdfast-vault …`. */
function holdfastVault(args: readonly string[], input = ''): void {
  const bin = fileURLToPath(import.meta.resolve('../../../packages/credential-broker/src/bin.ts'));
  execFileSync(process.execPath, ['--conditions=@holdfast/source', bin, ...args], { input, stdio: 'pipe' });
}

/** An API that wants a token, and says more than it should. */
export async function openApi(token: string) {
  const server = createServer(({ headers: { authorization }, url }, response) => {
    response.statusCode = authorization === `Bearer ${token}` ? 200 : 401;
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify({ path: url, debug: `called with ${authorization}` }));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const close = async () => {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  };
  return { port, origin: `http://127.0.0.1:${port}`, [Symbol.asyncDispose]: close };
}
