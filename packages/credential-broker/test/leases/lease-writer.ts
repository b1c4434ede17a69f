import { fileLeases } from '@holdfast/credential-broker';
import { aLease } from './a-lease.ts';

// Uses leases up, and prints the id of each once the store says so, until it is killed.
const [dir = '', round = ''] = process.argv.slice(2);
const store = await fileLeases({ dir, maxOutdated: 20 });

async function use(worker: number): Promise<never> {
  for (let count = 0; ; count++) {
    const lease = aLease({ id: `${round}-${worker}-${count}` });
    await store.insert(lease);
    const used = await store.change(lease, { state: 'consumed' });
    process.stdout.write(`${used?.id}\n`);
  }
}

await Promise.all([0, 1, 2, 3].map(use));
