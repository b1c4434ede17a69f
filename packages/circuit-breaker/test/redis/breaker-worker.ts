import { circuitBreaker, shareBreaker } from '@holdfast/circuit-breaker';
import { redisBreakerStore } from '@holdfast/circuit-breaker/redis';
import { Redis } from 'ioredis';
import type { Limits, Task } from './breaker-processes.ts';

// One of several processes that share a breaker; does what it is told and answers with its state.
const [, , instance = '', limits = ''] = process.argv;
const { url, answerMs, leaseMs, socketMs } = JSON.parse(limits) as Limits;
const client = new Redis(url, {
  maxRetriesPerRequest: 0,
  retryStrategy: () => 20,
  enableOfflineQueue: false,
  socketTimeout: socketMs,
});
client.on('error', () => undefined);
await new Promise((resolve) => client.once('ready', resolve));
const breaker = circuitBreaker({ name: 'upstream', openMs: 200, onListenerError: () => undefined });
const store = redisBreakerStore({ client, quorum: 2, pollMs: 20, onListenerError: () => undefined });
const sharing = shareBreaker(breaker, { store, instance, leaseMs, answerMs });

let started = 0;
const held = new Set<() => void>();

async function call(fails: boolean): Promise<void> {
  await breaker.try(() => {
    started++;
    return fails ? Promise.reject(new Error('down')) : 'up';
  });
}

function hold(): void {
  void breaker.try(() => {
    started++;
    return new Promise((_, reject) => held.add(() => reject(new Error('down'))));
  });
}

async function run(task: Task): Promise<void> {
  if (task.release === true) {
    for (const end of held) end();
    held.clear();
    await new Promise(setImmediate);
  }
  for (let count = 0; count < (task.fail ?? 0); count++) await call(true);
  for (let count = 0; count < (task.succeed ?? 0); count++) await call(false);
  for (let count = 0; count < (task.hold ?? 0); count++) hold();
  process.send?.({ state: breaker.state, started, running: held.size });
}

process.on('message', (message: Task | { readonly stop: true }) => {
  if (!('stop' in message)) return void run(message);
  sharing[Symbol.dispose]();
  client.disconnect();
  process.disconnect();
});
process.send?.('ready');
