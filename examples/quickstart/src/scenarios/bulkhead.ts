import { bulkhead as bulkheadStrategy } from '@holdfast/limiter';
import { observe } from '@holdfast/metrics';
import { healthy } from '../demo/schedule.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const bulkhead: Scenario = {
  name: 'bulkhead',
  title: 'at most 8 requests at a time, and 8 in a queue for at most 200 ms',
  lookFor:
    'When the upstream is slow, what is too much is refused at once, and the rest is answered in time.',
  schedule: [
    healthy(4, { latencyMs: [60, 100], capacity: 8 }),
    healthy(6, { name: 'slow', latencyMs: [300, 400], capacity: 8 }),
  ],
  load: { rate: 50, patienceMs: 1_000 },
  compared: true,
  guard({ metrics, ms }) {
    const orders = bulkheadStrategy({ name: 'orders', maxConcurrent: 8, maxQueue: 8, maxQueueMs: ms(200) });
    observe(metrics, orders);
    return guardWith(metrics, orders);
  },
};
