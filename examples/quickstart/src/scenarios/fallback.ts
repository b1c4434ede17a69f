import { cache, fallback as fallbackStrategy, fromCache, mock } from '@holdfast/fallback';
import { observe } from '@holdfast/metrics';
import { pipeline } from '@holdfast/pipeline';
import { healthy, outage } from '../demo/schedule.ts';
import type { Part } from '../proxy/upstream-call.ts';
import { guardWith } from './guard-with.ts';
import { readKey } from './read-key.ts';
import type { Scenario } from './scenario.ts';
import { whole } from './whole.ts';

type Whole = readonly Part[];

export const fallback: Scenario = {
  name: 'fallback',
  title: 'what was answered before, or else something made up',
  lookFor:
    'In the outage all requests are answered, and each answer that is not fresh says Holdfast-Degraded.',
  schedule: [healthy(4), outage(4)],
  load: { rate: 20, items: 100 },
  compared: true,
  guard({ metrics, ms }) {
    const orders = cache<Whole>({ name: 'orders', keyBy: readKey, ttlMs: ms(500) });
    const instead = fallbackStrategy<Whole>({
      name: 'orders',
      steps: [fromCache(orders), mock(({ attributes }) => unknownOrder(attributes['path']))],
    });
    for (const each of [instead, orders]) observe(metrics, each);
    return {
      ...guardWith(metrics),
      strategy: whole(pipeline(instead, orders)),
      parts: [instead, orders],
    };
  },
};

/** The right shape, and nothing in it. */
const unknownOrder = (path = ''): Whole => [
  { status: 200, statusText: 'OK', headers: ['Content-Type', 'text/plain'] },
  Buffer.from(`${path}: not known at the moment\n`),
];
