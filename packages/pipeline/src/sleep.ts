import type { Clock } from './clock.ts';
import type { Call } from './hook.ts';

/**
 * Waits on behalf of a call, and stops waiting the moment the call is ended.
 *
 * @param delayMs - milliseconds
 * @throws the reason with which the call was ended
 *
 * @example
 * ```ts
 * import { sleep, systemClock, type DriverHook } from '@holdfast/pipeline';
 *
 * const slowly: DriverHook = {
 *   kind: 'driver',
 *   name: 'slowly',
 *   run: async (call, start) => {
 *     await sleep(100, call, systemClock);
 *     return start(1).result;
 *   },
 * };
 * ```
 */
export function sleep(delayMs: number, call: Pick<Call, 'onEnd'>, clock: Clock): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = clock.setTimer(() => {
      stopListening();
      resolve();
    }, delayMs);
    const stopListening = call.onEnd((reason) => {
      timer.cancel();
      reject(reason);
    });
  });
}
