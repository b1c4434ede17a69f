import { rateLimit, slidingWindow, tokenBucket, type RateRule } from '@holdfast/limiter';
import Bottleneck from 'bottleneck';
import PQueue from 'p-queue';
import { RateLimiterMemory } from 'rate-limiter-flexible';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { answer, succeed } from '../operations.ts';

const WINDOW_MS = 60_000;
/** More than anybody uses up. */
const PLENTY = 1e9;

const ASK = 'ask';
const RUN = 'run';
const REFUSED = 'refused';

const about = `A rate limit in one process that is never used up: "${ASK}" takes 1 of it, "${RUN}" is a call behind it. "${REFUSED}" is a
limit of 1 a minute, used up. \`tryAcquire\` is Holdfast's way to ask, and answers at once; rate-limiter-flexible has no
other than a promise, and rejects it where the limit is used up. Windows differ: Holdfast's token bucket and sliding
window never let twice the limit through around the edge of a window; rate-limiter-flexible, bottleneck and p-queue count
fixed windows, unless p-queue is \`strict\`, which remembers the time of each call: it is left out, since it would remember
all of a benchmark.`;

export const rateLimits = timingSuite('rate-limit', about, () => [
  bareCall,
  asyncWrapper,
  asked('token bucket', tokenBucket),
  asked('sliding window', slidingWindow),
  ran('token bucket', tokenBucket),
  ran('sliding window', slidingWindow),
  keyed(),
  ...peers(),
  ...refused(),
]);

type MakeRule = (options: { readonly limit: number; readonly windowMs: number }) => RateRule;

const limitOf = (makeRule: MakeRule) => rateLimit({ rule: makeRule({ limit: PLENTY, windowMs: WINDOW_MS }) });

function asked(rule: string, makeRule: MakeRule): TimedCase {
  const limit = limitOf(makeRule);
  return {
    name: `${ASK}, ${rule}`,
    subject: 'holdfast',
    job: ASK,
    ending: 'returns',
    op: () => limit.tryAcquire(),
    counted: () => limit.stats().admitted,
    target: { atMost: { nsPerOp: 60 } },
  };
}

function ran(rule: string, makeRule: MakeRule): TimedCase {
  const limit = limitOf(makeRule);
  return { name: `${RUN}, ${rule}`, subject: 'holdfast', job: RUN, op: () => limit.execute(succeed) };
}

/** By key, as rate-limiter-flexible always counts. */
function keyed(): TimedCase {
  const rule = tokenBucket({ limit: PLENTY, windowMs: WINDOW_MS });
  const limit = rateLimit({ rule, keyBy: ({ client }) => client });
  const attributes = { client: 'a' };
  return {
    name: `${ASK}, token bucket by key`,
    subject: 'holdfast',
    job: ASK,
    ending: 'returns',
    op: () => limit.tryAcquire(1, attributes),
  };
}

function peers(): readonly TimedCase[] {
  const flexible = new RateLimiterMemory({ points: PLENTY, duration: WINDOW_MS / 1_000 });
  const bottleneck = new Bottleneck({
    reservoir: PLENTY,
    reservoirRefreshAmount: PLENTY,
    reservoirRefreshInterval: WINDOW_MS,
  });
  const queue = new PQueue({ intervalCap: PLENTY, interval: WINDOW_MS });
  return [
    { name: ASK, subject: 'rate-limiter-flexible', job: ASK, op: () => flexible.consume('a') },
    {
      name: RUN,
      subject: 'rate-limiter-flexible',
      job: RUN,
      op: async () => {
        await flexible.consume('a');
        return succeed();
      },
    },
    { name: RUN, subject: 'bottleneck', job: RUN, op: () => bottleneck.schedule(succeed) },
    { name: RUN, subject: 'p-queue', job: RUN, op: () => queue.add(succeed) },
  ];
}

function refused(): readonly TimedCase[] {
  const once = { limit: 1, windowMs: WINDOW_MS };
  const limit = rateLimit({ rule: tokenBucket(once) });
  const flexible = new RateLimiterMemory({ points: 1, duration: WINDOW_MS / 1_000 });
  limit.tryAcquire();
  return [
    {
      name: `${REFUSED}, ask`,
      subject: 'holdfast',
      job: REFUSED,
      ending: 'returns',
      op: () => limit.tryAcquire(),
    },
    { name: `${REFUSED}, try`, subject: 'holdfast', job: REFUSED, op: () => limit.try(answer) },
    {
      name: REFUSED,
      subject: 'rate-limiter-flexible',
      job: REFUSED,
      ending: 'rejects',
      op: () => flexible.consume('a', 2),
    },
  ];
}
