import { budgetMetrics, observe } from '@holdfast/metrics';
import { hedge as hedgeStrategy, retryBudget } from '@holdfast/retry';
import { healthy } from '../demo/schedule.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const hedge: Scenario = {
  name: 'hedge',
  title: 'a second attempt beside one that has not answered after 100 ms; the first answer wins',
  lookFor:
    'One answer in twenty takes twenty times as long. p99 falls to a fraction, for a few more requests.',
  schedule: [healthy(10, { name: 'slow tail', latencyMs: [15, 25], faultRatio: 0.05, fault: 'slow' })],
  load: { rate: 40 },
  compared: true,
  guard({ metrics, ms }) {
    const second = hedgeStrategy({
      name: 'orders',
      idempotent: ({ repeatable }) => repeatable === 'yes',
      delayMs: ms(100),
      budget: budgetMetrics(metrics, 'orders', retryBudget({ ratio: 0.1 })),
    });
    observe(metrics, second);
    return guardWith(metrics, second);
  },
};
