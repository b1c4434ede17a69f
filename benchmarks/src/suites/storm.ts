import { figuresSuite, type FiguresCase } from '../harness/figures-suite.ts';
import type { Target } from '../harness/suite.ts';
import { significant } from '../harness/statistics.ts';
import * as protections from '../simulation/protections.ts';
import { simulateStorm, type Storm } from '../simulation/simulate-storm.ts';

const STORM: Storm = {
  clients: 5,
  callsPerSecond: 100,
  capacityPerSecond: 120,
  outageAt: 20,
  outageSeconds: 50,
  endAt: 140,
  seed: 1,
};

interface Subject extends FiguresCase {
  readonly protect: protections.Protection;
}

const calm: Target = { atMost: { 'load in the outage': 1.1 } };

const SUBJECTS: readonly Subject[] = [
  { name: 'timeout', subject: 'holdfast', protect: protections.nothing },
  { name: 'retry, timeout', subject: 'holdfast', protect: protections.holdfastRetry },
  {
    name: 'retry with ratio budget, timeout',
    subject: 'holdfast',
    protect: protections.holdfastRatioBudget,
    target: calm,
  },
  {
    name: 'retry with token budget, timeout',
    subject: 'holdfast',
    protect: protections.holdfastTokenBudget,
    target: calm,
  },
  {
    name: 'retry with ratio budget, breaker, timeout',
    subject: 'holdfast',
    protect: protections.holdfastBreaker,
    target: calm,
  },
  { name: 'retry, timeout', subject: 'p-retry', protect: protections.pRetryAlone },
  { name: 'retry, timeout', subject: 'cockatiel', protect: protections.cockatielAlone },
  { name: 'retry, breaker, timeout', subject: 'cockatiel', protect: protections.cockatielBreaker(30_000) },
  {
    name: 'p-retry around breaker with timeout',
    subject: 'opossum',
    protect: protections.opossumBreaker(30_000),
  },
];

const about = `A simulation in virtual time with the real code of all subjects: ${STORM.clients} clients make ${STORM.callsPerSecond} calls a second of a
dependency that can serve ${STORM.capacityPerSecond} and is down for ${STORM.outageSeconds} s. Its queue holds 5 s of work, which it works off even when the
caller has gone. Everyone waits 500 ms for an attempt and makes up to 3 retries after 200 ms and more.

"Load in the outage" is requests for each call made in it; "goodput after" is the share of the calls in the minute after
the outage that succeed; "recovered after" is the time from its end until 95 % of all calls succeed for good, in seconds.`;

export const storm = figuresSuite('storm', about, SUBJECTS, async ({ protect }) => {
  const { load, goodputAfter, recoveredAfter } = await simulateStorm(STORM, protect);
  const figures = {
    'load in the outage': significant(load, 4),
    'goodput after, %': significant(goodputAfter * 100, 3),
    'recovered after, s': recoveredAfter,
  };
  return { figures };
});
