import type { Attempt, DriverHook } from './hook.ts';

/** A policy of another library: anything that runs a function and returns its promise. */
export interface ForeignStrategy {
  execute<T>(operation: () => T | PromiseLike<T>): PromiseLike<T>;
}

/** Makes a foreign policy the driver of what is inside it: each time it calls its function is another attempt. */
export function foreign(strategy: ForeignStrategy): DriverHook {
  return {
    kind: 'driver',
    // A module of functions has no constructor.
    name: (strategy.constructor as { readonly name?: string } | undefined)?.name ?? 'foreign',
    async run(call, start) {
      const running = new Set<Attempt>();
      let attempt: Attempt | undefined;
      let count = 0;
      const again = () => {
        const started = start(++count);
        const drop = () => running.delete(started);
        running.add(started);
        started.result.then(drop, drop);
        return started;
      };
      try {
        return await strategy.execute(() => {
          // Once a stream has begun to reach its consumer, the policy is shown how that went instead of another one.
          if (attempt === undefined || !call.committed) attempt = again();
          return attempt.result;
        });
      } finally {
        // A timeout that stopped waiting, say, has no means to stop the operation.
        for (const late of running) late.end(new DOMException('Nobody waits for this attempt', 'AbortError'));
      }
    },
  };
}
