import { sleep, systemClock, type Clock, type RecoveryHook } from '@holdfast/pipeline';

interface AgainOptions {
  readonly clock?: Clock;
  readonly delayMs?: number;
  readonly accept?: (value: unknown) => boolean;
}

/** Makes the smallest retry: it waits, then starts the next attempt, until one succeeds or all are used up. */
export function again(
  maxAttempts: number,
  { clock = systemClock, delayMs = 0, accept = () => true }: AgainOptions = {},
): RecoveryHook {
  return {
    kind: 'recovery',
    name: 'again',
    clock,
    accept,
    async recover(first, call, start) {
      let settled = first;
      for (let attempt = 2; attempt <= maxAttempts && !call.ended && !call.committed; attempt++) {
        if (delayMs > 0) await sleep(delayMs, call, clock);
        try {
          const value = await start(attempt).result;
          settled = { ok: true, value };
          if (accept(value)) break;
        } catch (error) {
          settled = { ok: false, error };
        }
      }
      if (settled.ok) return settled.value;
      throw settled.error;
    },
  };
}
