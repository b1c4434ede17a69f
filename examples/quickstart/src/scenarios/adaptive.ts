import { bulkhead, vegas } from '@holdfast/limiter';
import { observe } from '@holdfast/metrics';
import { healthy } from '../demo/schedule.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const adaptive: Scenario = {
  name: 'adaptive',
  title: 'a limit of concurrency that finds out by itself what the upstream bears',
  lookFor:
    'The limit falls when the upstream loses three quarters of its workers, and rises when they are back.',
  schedule: [
    healthy(8, { latencyMs: [80, 120], capacity: 16 }),
    healthy(8, { name: 'few workers', latencyMs: [80, 120], capacity: 4 }),
  ],
  load: { rate: 100, patienceMs: 1_000 },
  compared: true,
  guard({ metrics, ms }) {
    const orders = bulkhead({
      name: 'orders',
      maxConcurrent: vegas({ initialLimit: 10, maxLimit: 100, windowMs: ms(250), probeEveryMs: ms(10_000) }),
    });
    observe(metrics, orders);
    return guardWith(metrics, orders);
  },
};
