/** A process with a broker of its own: redeems one handle many times at once, and tells how often it got something. */
import {
  createBroker,
  definePolicy,
  Secret,
  type Backend,
  type LeaseStore,
  type Principal,
} from '@holdfast/credential-broker';
import { postgresLeases } from '@holdfast/credential-broker/postgres';
import { redisLeases } from '@holdfast/credential-broker/redis';
import { Redis } from 'ioredis';
import { Pool } from 'pg';

const worker: Principal = { id: 'worker-1', tenant: 'acme', type: 'workload' };
const [store, url = '', handle = ''] = process.argv.slice(2);

const vault: Backend = {
  kind: 'vault',
  keepsSecrets: true,
  inspect: async () => ({}),
  issue: async () => ({ credential: { password: new Secret('a secret of a test') } }),
  health: async () => {},
};

function open(): { readonly leases: LeaseStore; readonly end: () => Promise<unknown> } {
  if (store === 'redis') {
    const client = new Redis(url);
    return { leases: redisLeases({ client }), end: () => client.quit() };
  }
  const client = new Pool({ connectionString: url, max: 10 });
  return { leases: postgresLeases({ client }), end: () => client.end() };
}

const { leases, end } = open();
const policy = definePolicy({ rules: [] });
const broker = createBroker({ backends: { vault }, policy, audit: 'none', limit: 'none', leases });
await broker.introspect(handle, worker); // connected
console.log('ready');
await new Promise((resolve) => process.stdin.once('data', resolve));
const all = Array.from({ length: 500 }, () => broker.redeem(handle, worker));
const results = await Promise.allSettled(all);
console.log(results.filter(({ status }) => status === 'fulfilled').length);
const others = results.filter((one) => one.status === 'rejected').map(({ reason }) => String(reason));
console.log([...new Set(others)].join());
await broker.close();
await end();
process.exit();
