import { retry, retryBudget, type RetryBudget } from '@holdfast/retry';
import * as cockatiel from 'cockatiel';
import pRetry from 'p-retry';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { failEveryOther, succeed } from '../operations.ts';

const about = `A call through retry: one that succeeds at its first attempt, and one that succeeds at its second,
with a backoff of 0 ms between them. cockatiel sets a timer even for that, and waits for a millisecond.`;

const FIRST = 'first attempt succeeds';
const SECOND = 'second attempt succeeds';

export const retries = timingSuite('retry', about, () => [
  bareCall,
  asyncWrapper,
  { ...ours(FIRST, succeed), target: { atMost: { ratio: 2.4 } } satisfies Target },
  ours(`${FIRST}, with a budget`, succeed, retryBudget()),
  cockatielRetry(FIRST, succeed),
  pRetryCase(FIRST, succeed),
  ours(SECOND, failEveryOther()),
  ours(`${SECOND}, with a budget`, failEveryOther(), retryBudget({ ratio: 1 })),
  cockatielRetry(SECOND, failEveryOther()),
  pRetryCase(SECOND, failEveryOther()),
]);

function ours(name: string, operation: () => Promise<number>, budget?: RetryBudget): TimedCase {
  const strategy = retry({ maxAttempts: 3, baseDelayMs: 0, maxDelayMs: 0, budget });
  return { name, subject: 'holdfast', op: () => strategy.execute(operation) };
}

function cockatielRetry(name: string, operation: () => Promise<number>): TimedCase {
  const backoff = new cockatiel.ConstantBackoff(0);
  const policy = cockatiel.retry(cockatiel.handleAll, { maxAttempts: 2, backoff });
  return { name, subject: 'cockatiel', op: () => policy.execute(operation) };
}

function pRetryCase(name: string, operation: () => Promise<number>): TimedCase {
  const options = { retries: 2, minTimeout: 0 };
  return { name, subject: 'p-retry', op: () => pRetry(operation, options) };
}
