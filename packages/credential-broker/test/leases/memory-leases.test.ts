import { memoryLeases } from '@holdfast/credential-broker';
import { leaseStoreContract } from './lease-store-contract.ts';

leaseStoreContract('memoryLeases', () => {
  const store = memoryLeases();
  return Promise.resolve({ store, close: () => store.close() });
});
