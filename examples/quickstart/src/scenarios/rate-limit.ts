import {
  isRateLimited,
  rateLimit as rateLimitStrategy,
  rateLimitHeaders,
  slidingWindow,
} from '@holdfast/limiter';
import { observe } from '@holdfast/metrics';
import { healthy } from '../demo/schedule.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const rateLimit: Scenario = {
  name: 'rate-limit',
  title: 'at most 20 requests in any second',
  lookFor: 'What is too much gets a 429 that says when to come again. Without a limit everybody waits.',
  schedule: [healthy(10, { latencyMs: [80, 120], capacity: 3 })],
  load: { rate: 40, patienceMs: 1_000 },
  compared: true,
  guard({ metrics, ms }) {
    const limit = rateLimitStrategy({
      name: 'orders',
      rule: slidingWindow({ limit: 20, windowMs: ms(1_000) }),
    });
    observe(metrics, limit);
    return {
      ...guardWith(metrics, limit),
      refusalHeaders: (error) => (isRateLimited(error) ? rateLimitHeaders(limit.status(), error) : {}),
    };
  },
};
