import { memoryLock } from '@holdfast/credential-broker';
import { refreshLockContract } from './refresh-lock-contract.ts';

refreshLockContract('memory', async () => {
  const lock = memoryLock();
  return [lock, lock];
});
