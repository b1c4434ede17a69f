import { chaos as chaosStrategy } from '@holdfast/chaos';
import { observe } from '@holdfast/metrics';
import { retry } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import { healthy } from '../demo/schedule.ts';
import { UpstreamUnreachableError } from '../proxy/errors.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario, World } from './scenario.ts';

export const chaos: Scenario = {
  name: 'chaos',
  title: 'a game day: faults are injected into the calls, and retries and timeouts have to cope',
  lookFor:
    'The upstream is well all the time. Without retries and timeouts users feel each fault, with them hardly any.',
  schedule: [healthy(10)],
  load: { rate: 30 },
  compared: true,
  guard(world) {
    const { metrics, ms } = world;
    const retries = retry({
      name: 'orders',
      maxAttempts: 4,
      baseDelayMs: ms(20),
      idempotent: ({ repeatable }) => repeatable === 'yes',
    });
    const attempt = timeout({ name: 'attempt', timeoutMs: ms(250) });
    const faults = injected(world);
    for (const each of [retries, attempt, faults]) observe(metrics, each);
    return guardWith(metrics, retries, attempt, faults);
  },
  unguarded: (world) =>
    guardWith(world.metrics, timeout({ name: 'patience', timeoutMs: world.ms(5_000) }), injected(world)),
};

/** Innermost, so that everything that has to cope stands outside of it. */
function injected({ ms }: World) {
  return chaosStrategy({
    name: 'game-day',
    enabled: true,
    faults: [
      { kind: 'latency', ratio: 0.1, delayMs: [ms(100), ms(800)] },
      { kind: 'error', ratio: 0.1, error: () => new UpstreamUnreachableError(true, new Error('injected')) },
      { kind: 'hang', ratio: 0.02 },
    ],
  });
}
