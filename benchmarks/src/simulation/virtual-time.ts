import type { Clock, Timer } from '@holdfast/pipeline';

/** A timer as Node's `setTimeout` returns it, on a virtual clock. */
class VirtualTimeout {
  private timer: Timer;

  constructor(clock: Clock, callback: () => void, delayMs: number, repeats: boolean) {
    const fire = () => {
      if (repeats) this.timer = clock.setTimer(fire, delayMs);
      callback();
    };
    this.timer = clock.setTimer(fire, delayMs);
  }

  cancel(): void {
    this.timer.cancel();
  }

  ref(): this {
    return this;
  }

  unref(): this {
    return this;
  }
}

/**
 * Runs code with the platform's timers, clocks and randomness replaced, so that libraries that take none live in the
 * same repeatable world as those that do. Everything is put back in the end.
 */
export async function inVirtualTime<T>(
  clock: Clock,
  random: () => number,
  work: () => Promise<T>,
): Promise<T> {
  const start =
    (repeats: boolean) =>
    (callback: () => void, delayMs = 0) =>
      new VirtualTimeout(clock, callback, delayMs, repeats);
  const stop = (timeout: VirtualTimeout | undefined) => timeout?.cancel();
  const restore = [
    replace(globalThis, 'setTimeout', start(false)),
    replace(globalThis, 'clearTimeout', stop),
    replace(globalThis, 'setInterval', start(true)),
    replace(globalThis, 'clearInterval', stop),
    replace(Date, 'now', () => clock.wallNow()),
    replace(performance, 'now', () => clock.now()),
    replace(Math, 'random', random),
    // Errors come by the million and none is printed; a trace is most of what one costs.
    replace(Error, 'stackTraceLimit', 0),
  ];
  try {
    return await work();
  } finally {
    restore.forEach((undo) => undo());
  }
}

function replace(owner: object, key: string, value: unknown): () => void {
  const own = Object.getOwnPropertyDescriptor(owner, key);
  Object.defineProperty(owner, key, { value, configurable: true, writable: true });
  return () => {
    if (own === undefined) Reflect.deleteProperty(owner, key);
    else Object.defineProperty(owner, key, own);
  };
}
