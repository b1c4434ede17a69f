import { execFileSync, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer as createTcpServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createServer } from 'node:tls';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../../../../scripts/services/free-port.ts';
import { certificateExpiry, expiryCheck, type CheckContext } from '../../src/index.ts';
import { runCheck } from './run-check.ts';

const DAY_MS = 86_400_000;
const hasOpenssl = spawnSync('openssl', ['version']).error === undefined;
if (!hasOpenssl) console.log('skipped: openssl is not installed, so no real certificate expires');

let folder: string;
const file = (name: string) => path.join(folder, name);
const openssl = (...args: string[]) => execFileSync('openssl', args, { cwd: folder, stdio: 'ignore' });
const KEY = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes'];

beforeAll(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'health-'));
  if (!hasOpenssl) return;
  openssl(
    'req',
    '-x509',
    ...KEY,
    '-keyout',
    'ca.key',
    '-out',
    'ca.pem',
    '-subj',
    '/CN=authority',
    '-days',
    '3650',
  );
  openssl('req', ...KEY, '-keyout', 'server.key', '-out', 'server.csr', '-subj', '/CN=localhost');
});
afterAll(() => rmSync(folder, { recursive: true }));

const servers: Server[] = [];
afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});
const listening = async (server: Server) => {
  servers.push(server.listen(0, '127.0.0.1'));
  await once(server, 'listening');
  return (server.address() as AddressInfo).port;
};

/** A TLS server whose certificate, signed by a private authority, expires so many days from now. */
async function tlsServer(days: number): Promise<number> {
  const signed = ['-CA', 'ca.pem', '-CAkey', 'ca.key', '-set_serial', '1', '-days', String(days)];
  openssl('x509', '-req', '-in', 'server.csr', ...signed, '-out', 'server.pem');
  return listening(
    createServer({ key: readFileSync(file('server.key')), cert: readFileSync(file('server.pem')) }),
  );
}
const context = (signal = new AbortController().signal): CheckContext => ({ signal });

describe.skipIf(!hasOpenssl)('a certificate made by openssl', () => {
  test.each([
    [90, { state: 'up' }],
    [10, { state: 'degraded', reason: 'expires-soon', observedUnit: 's' }],
    [-1, { state: 'down', reason: 'expired', observedUnit: 's' }],
  ])('that expires in %i days is %j', async (days, expected) => {
    const port = await tlsServer(days);
    const expiresAtMs = certificateExpiry({ host: '127.0.0.1', port, servername: 'localhost' });
    const result = await runCheck(expiryCheck({ expiresAtMs }));
    expect(result).toMatchObject(expected);
    expect(Math.abs(Number(result.observedValue) * 1_000 - days * DAY_MS)).toBeLessThan(120_000);
  });

  test('is read anew at each run, so that its renewal is seen', async () => {
    const port = await tlsServer(1);
    const check = expiryCheck({ expiresAtMs: certificateExpiry({ host: '127.0.0.1', port }) });
    expect(await runCheck(check)).toMatchObject({ state: 'degraded' });
    const [server] = servers;
    openssl(
      'x509',
      '-req',
      '-in',
      'server.csr',
      '-signkey',
      'server.key',
      '-days',
      '365',
      '-out',
      'server.pem',
    );
    (server as ReturnType<typeof createServer>).setSecureContext({
      key: readFileSync(file('server.key')),
      cert: readFileSync(file('server.pem')),
    });
    expect(await runCheck(check)).toMatchObject({ state: 'up' });
  });

  test('leaves no connection behind', async () => {
    const port = await tlsServer(90);
    const [server] = servers;
    await certificateExpiry({ host: '127.0.0.1', port })(context());
    // Waits for all of its connections.
    await new Promise((resolve) => server?.close(resolve));
  });
});

describe('the expiry of a certificate', () => {
  test('fails where no server is', async () => {
    const expiresAtMs = certificateExpiry({ host: '127.0.0.1', port: await freePort() });
    await expect(expiresAtMs(context())).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  test('fails where the server speaks no TLS', async () => {
    const port = await listening(
      createTcpServer((socket) => socket.on('error', () => undefined).end('220 smtp\r\n')),
    );
    await expect(certificateExpiry({ host: '127.0.0.1', port })(context())).rejects.toHaveProperty('code');
  });

  test('stops when it is told to', async () => {
    const port = await listening(createTcpServer((socket) => socket.on('error', () => undefined)));
    const controller = new AbortController();
    const reading = certificateExpiry({ host: '127.0.0.1', port })(context(controller.signal));
    const reason = new Error('enough');
    controller.abort(reason);
    await expect(reading).rejects.toBe(reason);
  });

  test('a host is needed', () => {
    expect(() => certificateExpiry({} as never)).toThrow(
      'certificateExpiry: host must be a string, got undefined',
    );
  });
});
