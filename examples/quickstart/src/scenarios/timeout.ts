import { observe } from '@holdfast/metrics';
import { timeout as timeoutStrategy } from '@holdfast/timeout';
import { healthy } from '../demo/schedule.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const timeout: Scenario = {
  name: 'timeout',
  title: 'a deadline of half a second, which the upstream is told of',
  lookFor:
    'Requests that hang are given up after 500 ms, and hold nothing any longer: see how many are at the upstream.',
  schedule: [healthy(3), healthy(6, { name: 'hanging', faultRatio: 0.3, fault: 'hang' })],
  load: { rate: 20 },
  compared: true,
  guard({ metrics, ms }) {
    const deadline = timeoutStrategy({ name: 'orders', timeoutMs: ms(500) });
    observe(metrics, deadline);
    // The proxy sends what is left of it along as Holdfast-Timeout-Ms.
    return { ...guardWith(metrics, deadline), totalMs: ms(500) };
  },
};
