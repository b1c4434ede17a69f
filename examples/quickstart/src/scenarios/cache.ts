import { cache as cacheStrategy } from '@holdfast/fallback';
import { observe } from '@holdfast/metrics';
import { healthy, outage } from '../demo/schedule.ts';
import type { Part } from '../proxy/upstream-call.ts';
import { guardWith } from './guard-with.ts';
import { readKey } from './read-key.ts';
import type { Scenario } from './scenario.ts';
import { whole } from './whole.ts';

export const cache: Scenario = {
  name: 'cache',
  title: 'answers are fresh for a second; stale ones do for a minute, while one request fetches a new one',
  lookFor: 'The upstream gets a fraction of the requests, nobody waits for it, and nobody notices an outage.',
  schedule: [healthy(4, { latencyMs: [100, 200] }), outage(4)],
  load: { rate: 40, items: 8 },
  compared: true,
  guard({ metrics, ms }) {
    const orders = cacheStrategy<readonly Part[]>({
      name: 'orders',
      keyBy: readKey,
      ttlMs: ms(1_000),
      staleMs: ms(60_000),
    });
    observe(metrics, orders);
    return { ...guardWith(metrics), strategy: whole(orders), parts: [orders] };
  },
};
