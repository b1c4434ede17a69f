import { TRIP_KINDS } from '../simulation/trip-kinds.ts';
import { watchTrials } from '../simulation/watch-trials.ts';
import { figuresSuite } from '../harness/figures-suite.ts';
import { median, significant } from '../harness/statistics.ts';

const CALLS_PER_SECOND = 20;
const CHANCE = { trials: 400, callsPerSecond: CALLS_PER_SECOND, seconds: 60, errorRatio: () => 0.4, seed: 1 };

const GOOD_SECONDS = 30;
const OUTAGE = {
  trials: 20,
  callsPerSecond: CALLS_PER_SECOND,
  seconds: GOOD_SECONDS + 30,
  errorRatio: (second: number) => (second < GOOD_SECONDS ? 0 : 1),
  seed: 1,
};

const about = `Breakers that should open when half of the calls fail, in virtual time, with ${CALLS_PER_SECOND} calls a second. "Opened by
chance" is the share of ${CHANCE.trials} breakers that opened within ${CHANCE.seconds} s although only 40 % of the calls failed. "Opens after"
is how long a breaker takes to notice a full outage after ${GOOD_SECONDS} s without a failure, in seconds; \`never\` means not within
30 s.`;

export const falseOpens = figuresSuite('false-opens', about, TRIP_KINDS, async (kind) => {
  const byChance = await watchTrials(kind, CHANCE);
  const inOutage = await watchTrials(kind, OUTAGE);
  const opened = byChance.filter((after) => after !== null).length;
  const after = median(inOutage.map((second) => (second ?? Infinity) - GOOD_SECONDS));
  const figures = {
    'opened by chance, %': significant((opened / CHANCE.trials) * 100, 3),
    'opens after, s': after === Infinity ? null : significant(after, 3),
  };
  return { figures };
});
