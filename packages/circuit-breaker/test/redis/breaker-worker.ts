import { circuitBreaker, shareBreaker } from '@holdfast/circuit-breaker';
import { redisBreakerStore } from '@holdfast/circuit-breaker/redis';
import { Redis } from 'ioredis';

// One of several processes that share a breaker; does what it is told and answers with its state.
const [, , url = '', instance = ''] = process.argv;
const client = new Redis(url, {
  maxRetriesPerRequest: 0,
  retryStrategy: () => 20,
  enableOfflineQueue: false,
});
client.on('error', () => undefined);
await new Promise((resolve) => client.once('ready', resolve));
const breaker = circuitBreaker({ name: 'upstream', openMs: 400, onListenerError: () => undefined });
const store = redisBreakerStore({ client, quorum: 2, pollMs: 20, onListenerError: () => undefined });
const sharing = shareBreaker(breaker, { store, instance, leaseMs: 2_000, answerMs: 200 });

let started = 0;
async function call(fails: boolean): Promise<void> {
  await breaker.try(() => {
    started++;
    return fails ? Promise.reject(new Error('down')) : 'up';
  });
}

process.on(
  'message',
  (message: { readonly fail?: number; readonly succeed?: number; readonly stop?: true }) => {
    void (async () => {
      for (let count = 0; count < (message.fail ?? 0); count++) await call(true);
      for (let count = 0; count < (message.succeed ?? 0); count++) await call(false);
      if (message.stop) {
        sharing[Symbol.dispose]();
        client.disconnect();
        process.disconnect();
      } else process.send?.({ state: breaker.state, started });
    })();
  },
);
process.send?.('ready');
