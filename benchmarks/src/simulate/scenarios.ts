import { WORLD, type Scenario } from './scenario.ts';

const usual = { faultSeconds: 20, instances: WORLD.instances, returnSeconds: WORLD.thinkSeconds };

/** Everything that is played, in the order of the report. */
export const SCENARIOS: readonly Scenario[] = [
  {
    ...usual,
    name: 'outage',
    title: 'Full outage',
    about: 'For 20 s the dependency refuses every request.',
    fault: { down: true },
    target: { atMost: { 'load in the fault': 1.1, 'back after, s': 2 } },
  },
  {
    ...usual,
    name: 'partial-failure',
    title: 'Partial failure',
    about: 'For 20 s the dependency fails 30 % of the requests, at random, after it has done their work.',
    fault: { failureRatio: 0.3 },
  },
  {
    ...usual,
    name: 'brown-out',
    title: 'Brown-out',
    about:
      'For 20 s the dependency has 40 % of its capacity, which is 60 % of what its clients want: at best that share of the calls can succeed.',
    fault: { speed: 0.4 },
  },
  {
    ...usual,
    name: 'retry-storm',
    title: 'Retry storm',
    about:
      'For 5 s the dependency has a fifth of its capacity. What is wrong after that is made by the retries alone, and lasts where they keep it up (a metastable failure).',
    fault: { speed: 0.2 },
    faultSeconds: 5,
  },
  {
    ...usual,
    name: 'thundering-herd',
    title: 'Thundering herd after recovery',
    about:
      'For 20 s the dependency refuses every request, and a client whose call has failed comes back after 8 s on average in place of 20 s. So more than the dependency can serve is wanted when it is back, until enough clients have what they came for.',
    fault: { down: true },
    returnSeconds: 8,
  },
  {
    ...usual,
    name: 'bad-instance',
    title: 'A bad instance',
    about: `For 20 s one of the ${WORLD.instances} instances answers 10 s too late, for which nobody waits. The load balancer does not notice.`,
    fault: { delayMs: 10_000 },
    instances: 1,
  },
];
