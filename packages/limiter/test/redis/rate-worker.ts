import { rateLimit, slidingWindow } from '@holdfast/limiter';
import { redisRateStore } from '@holdfast/limiter/redis';
import { Redis } from 'ioredis';

// One of several processes that share a limit of 200 in ten minutes; tells how many of its calls passed.
const [, , url = '', mode] = process.argv;
const client = new Redis(url);
const limit = rateLimit({
  name: 'processes',
  rule: slidingWindow({ limit: 200, windowMs: 600_000 }),
  store: redisRateStore({ client, mode: mode as 'exact' | 'leased' }),
  answerMs: 10_000,
});
let passed = 0;
for (let round = 0; round < 20; round++) {
  const results = await Promise.all(Array.from({ length: 10 }, () => limit.try(() => 1)));
  passed += results.filter(({ ok }) => ok).length;
}
client.disconnect();
process.send?.(passed, () => process.disconnect());
