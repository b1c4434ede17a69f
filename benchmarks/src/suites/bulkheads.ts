import { bulkhead, vegas, type BulkheadOptions } from '@holdfast/limiter';
import Bottleneck from 'bottleneck';
import * as cockatiel from 'cockatiel';
import pLimit from 'p-limit';
import PQueue from 'p-queue';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed } from '../operations.ts';

const PLACES = 8;
const CROWD = 100;

const FREE = 'a place is free';
const CROWDED = `${CROWD} calls for ${PLACES} places`;
const FULL = 'full';

const about = `A call through a bulkhead of ${PLACES} places. In "${CROWDED}" an operation is ${CROWD} calls that come at once, so
that ${CROWD - PLACES} of them wait for their turn; "${FULL}" is a call that is refused, since nobody may wait. p-limit and p-queue
refuse nobody; bottleneck refuses by its strategy \`OVERFLOW\`, sets a timer for each call and is too slow for the crowd.
Holdfast's queue has a longest wait, too: 1 s for each call.`;

export const bulkheads = timingSuite('bulkhead', about, () => [
  bareCall,
  asyncWrapper,
  { ...ours(FREE), target: { atMost: { ratio: 2.4 } } },
  ours(`${FREE}, by key`, { keyBy: ({ host }) => host }, { host: 'a' }),
  ours(`${FREE}, adaptive`, { maxConcurrent: vegas() }),
  ...peers(),
  ...full(),
]);

function ours(
  name: string,
  options: Partial<BulkheadOptions> = {},
  attributes?: Readonly<Record<string, string>>,
): TimedCase {
  const places = bulkhead({ maxConcurrent: PLACES, maxQueue: CROWD, ...options });
  const op = attributes ? () => places.execute(succeed, { attributes }) : () => places.execute(succeed);
  return { name, subject: 'holdfast', job: FREE, op };
}

function peers(): readonly TimedCase[] {
  const bottleneck = new Bottleneck({ maxConcurrent: PLACES });
  const places = bulkhead({ maxConcurrent: PLACES, maxQueue: CROWD });
  return [
    ...Object.entries(queues()).map(([subject, op]) => ({ name: FREE, subject, job: FREE, op })),
    { name: FREE, subject: 'bottleneck', job: FREE, op: () => bottleneck.schedule(succeed) },
    crowded('platform', succeed),
    { ...crowded('holdfast', () => places.execute(succeed)), job: CROWDED },
    ...Object.entries(queues()).map(([subject, op]) => ({ ...crowded(subject, op), job: CROWDED })),
  ];
}

/** What lets a call wait for a place, by the name of its package. */
function queues(): Readonly<Record<string, () => Promise<unknown>>> {
  const policy = cockatiel.bulkhead(PLACES, CROWD);
  const limit = pLimit(PLACES);
  const queue = new PQueue({ concurrency: PLACES });
  return {
    cockatiel: () => policy.execute(succeed),
    'p-limit': () => limit(succeed),
    'p-queue': () => queue.add(succeed),
  };
}

const crowded = (subject: string, call: () => Promise<unknown>): TimedCase => ({
  name: CROWDED,
  subject,
  op: () => Promise.all(Array.from({ length: CROWD }, call)),
});

function full(): readonly TimedCase[] {
  const never = () => new Promise<never>(() => {});
  const places = bulkhead({ maxConcurrent: 1 });
  const policy = cockatiel.bulkhead(1, 0);
  const { OVERFLOW } = Bottleneck.strategy;
  const bottleneck = new Bottleneck({ maxConcurrent: 1, highWater: 0, strategy: OVERFLOW });
  void places.execute(never);
  void policy.execute(never);
  void bottleneck.schedule(never);
  const common = { name: FULL, job: FULL, ending: 'rejects' } as const;
  return [
    { ...common, subject: 'holdfast', op: () => places.execute(succeed) },
    { name: `${FULL}, try`, subject: 'holdfast', op: () => places.try(succeed) },
    { ...common, subject: 'cockatiel', op: () => policy.execute(succeed) },
    { ...common, subject: 'bottleneck', op: () => bottleneck.schedule(succeed) },
  ];
}
