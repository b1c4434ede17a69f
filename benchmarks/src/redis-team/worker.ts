/** One of the processes that share a Redis: does a case for as long as it is told, and answers how often it did. */
import { Redis } from 'ioredis';
import { loopOf } from '../harness/timed-case.ts';
import { sharedCases } from './shared-cases.ts';
import type { Done, Job } from './team.ts';

/** How many calls go by between two looks at the clock. */
const BATCH = 50;

const [, , url = '', instance = ''] = process.argv;
const client = new Redis(url);
const loops = sharedCases.map(({ name, subject, open }) =>
  loopOf({ name, subject, op: open(client, instance) }),
);

async function work({ index, ms }: Job): Promise<Done> {
  const startedAtMs = performance.now();
  let calls = 0;
  let tookMs = 0;
  do {
    await loops[index]?.(BATCH);
    calls += BATCH;
    tookMs = performance.now() - startedAtMs;
  } while (tookMs < ms);
  return { calls, ms: tookMs };
}

process.on('message', (job: Job) => void work(job).then((done) => process.send?.(done)));
process.send?.('ready');
