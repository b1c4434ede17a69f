import { rateLimit, slidingWindow } from '@holdfast/limiter';
import { redisRateStore } from '@holdfast/limiter/redis';
import { Redis } from 'ioredis';

// One of several processes that share a limit of 200 in ten minutes; tells how many of the calls that it was told to make
// were settled, and how many of them passed.
const [, , url = '', mode, answerMs] = process.argv;
const client = new Redis(url, { maxRetriesPerRequest: 0, retryStrategy: () => 20, socketTimeout: 500 });
client.on('error', () => undefined);
const limit = rateLimit({
  name: 'processes',
  rule: slidingWindow({ limit: 200, windowMs: 600_000 }),
  store: redisRateStore({ client, mode: mode as 'exact' | 'leased' }),
  answerMs: Number(answerMs),
  storeRetryMs: 20,
});

let settled = 0;
let passed = 0;
process.on('message', (calls: number) => {
  if (calls === 0) {
    client.disconnect();
    process.disconnect();
    return;
  }
  void Promise.all(
    Array.from({ length: calls }, async () => {
      const { ok } = await limit.try(() => 1);
      settled++;
      if (ok) passed++;
    }),
  ).then(() => process.send?.({ settled, passed }));
});
process.send?.('ready');
