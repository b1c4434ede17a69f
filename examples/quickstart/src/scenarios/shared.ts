import { circuitBreaker, shareBreaker } from '@holdfast/circuit-breaker';
import { redisBreakerStore } from '@holdfast/circuit-breaker/redis';
import { observe } from '@holdfast/metrics';
import { openRedis } from '../demo/redis.ts';
import { healthy, outage } from '../demo/schedule.ts';
import type { Answering } from '../guard.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario, World } from './scenario.ts';

const INSTANCES = 5;

export const shared: Scenario = {
  name: 'shared',
  title: 'five instances of a service, whose circuits tell each other over Redis',
  lookFor:
    'When two circuits are open, all of them are, and one instance probes: fewer requests run into the outage.',
  schedule: [healthy(4), outage(6)],
  load: { rate: 30 },
  compared: true,
  async guard(world) {
    const redis = await openRedis();
    const { guard, breakers } = instances(world);
    const run = Math.floor(world.random() * 1e9).toString(36);
    const store = redisBreakerStore({
      client: redis.client,
      quorum: 2,
      pollMs: Math.max(10, world.ms(100)),
      prefix: `holdfast:quickstart:${run}`,
    });
    const sharings = breakers.map((breaker, index) =>
      shareBreaker(breaker, { store, instance: `instance-${index}`, leaseMs: world.ms(500) }),
    );
    return {
      ...guard,
      close: async () => {
        for (const sharing of sharings) sharing[Symbol.dispose]();
        await redis.close();
      },
    };
  },
  unguarded: (world) => instances(world).guard,
};

/** A load balancer in front of instances, of which the first ones get more to do than the last. */
function instances({ metrics, ms, random }: World) {
  const breakers = Array.from({ length: INSTANCES }, () =>
    circuitBreaker({ name: 'orders', openMs: ms(1_000) }),
  );
  const all = breakers.map((breaker, index) => {
    observe(metrics, breaker, { name: `instance-${index}` });
    return guardWith(metrics, breaker).strategy;
  });
  const strategy: Answering = {
    stream: (attempt, options) =>
      (all[Math.floor(random() ** 2 * INSTANCES)] as Answering).stream(attempt, options),
  };
  return { breakers, guard: { ...guardWith(metrics), strategy, parts: breakers } };
}
