import { SCHEDULE } from '../demo/schedule.ts';
import { createGuard } from '../guard.ts';
import type { Scenario } from './scenario.ts';

/** What an upstream needs as a rule; also what an upstream of yours gets. */
export const breaker: Scenario = {
  name: 'breaker',
  title: 'a circuit breaker, retries within a budget, and timeouts',
  lookFor: 'The circuit opens when the upstream is down or hangs, and closes when it has recovered.',
  schedule: SCHEDULE,
  load: { rate: 20, postRatio: 0.1 },
  compared: false,
  guard: ({ metrics, timeoutMs, openMs, ms }) =>
    createGuard({
      metrics,
      totalMs: ms(Math.max(10_000, 10 * timeoutMs)),
      firstItemMs: ms(timeoutMs),
      idleMs: ms(timeoutMs),
      openMs: ms(openMs),
      backoffMs: ms(50),
    }),
};
