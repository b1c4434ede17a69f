import { ConstantBackoff, handleAll, retry } from 'cockatiel';
import pRetry from 'p-retry';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { failEveryOther, succeed } from '../operations.ts';

const about = `A call through retry: one that succeeds at its first attempt, and one that succeeds at its second,
without a pause between the two.`;

const FIRST = 'first attempt succeeds';
const SECOND = 'second attempt succeeds';

export const retries = timingSuite('retry', about, () => [
  bareCall,
  asyncWrapper,
  cockatiel(FIRST, succeed),
  { name: FIRST, subject: 'p-retry', op: () => pRetry(succeed, { retries: 2, minTimeout: 0 }) },
  cockatiel(SECOND, failEveryOther()),
  secondOfPRetry(),
]);

function cockatiel(name: string, operation: () => Promise<number>): TimedCase {
  const policy = retry(handleAll, { maxAttempts: 2, backoff: new ConstantBackoff(0) });
  return { name, subject: 'cockatiel', op: () => policy.execute(operation) };
}

function secondOfPRetry(): TimedCase {
  const operation = failEveryOther();
  return { name: SECOND, subject: 'p-retry', op: () => pRetry(operation, { retries: 2, minTimeout: 0 }) };
}
