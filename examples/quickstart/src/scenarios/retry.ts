import { budgetMetrics, observe } from '@holdfast/metrics';
import { retry as retryStrategy, retryBudget } from '@holdfast/retry';
import { healthy } from '../demo/schedule.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const retry: Scenario = {
  name: 'retry',
  title: 'up to two more attempts, within a budget of a fifth of the load',
  lookFor:
    'Errors that come now and then disappear. In the outage the upstream is not asked three times as often.',
  schedule: [
    healthy(10, { name: 'errors', faultRatio: 0.2, fault: 'status' }),
    healthy(4, { name: 'outage', faultRatio: 1, fault: 'status' }),
  ],
  load: { rate: 30 },
  compared: true,
  guard({ metrics, ms }) {
    const retries = retryStrategy({
      name: 'orders',
      idempotent: ({ repeatable }) => repeatable === 'yes',
      maxAttempts: 3,
      baseDelayMs: ms(50),
      budget: budgetMetrics(metrics, 'orders', retryBudget({ ratio: 0.2 })),
    });
    observe(metrics, retries);
    return guardWith(metrics, retries);
  },
};
