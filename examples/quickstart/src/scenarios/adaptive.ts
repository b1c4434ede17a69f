import { aimd, bulkhead } from '@holdfast/limiter';
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
    healthy(8, { latencyMs: [100, 140], capacity: 8 }),
    healthy(8, { name: 'few workers', latencyMs: [100, 140], capacity: 2 }),
  ],
  load: { rate: 45, patienceMs: 1_000 },
  compared: true,
  guard({ metrics, ms }) {
    const orders = bulkhead({
      name: 'orders',
      maxConcurrent: aimd({ initialLimit: 10, maxLimit: 100, slowMs: ms(300) }),
    });
    observe(metrics, orders);
    return guardWith(metrics, orders);
  },
};
