/** A timer that fires once. */
export interface Timer {
  /** Stops the timer; a second call does nothing. */
  cancel(): void;
  /** Lets the timer keep the process alive (the state a new timer is in). */
  ref(): void;
  /** Lets the process end although the timer is pending. */
  unref(): void;
}

/**
 * The only source of time for every Holdfast package. Pass your own to run on virtual time; the manual clock of
 * `@holdfast/pipeline/testing` is one.
 */
export interface Clock {
  /** Monotonic milliseconds since an arbitrary origin; never jumps when the system's date is changed. */
  now(): number;
  /** Milliseconds since the Unix epoch, for instants that leave the process. */
  wallNow(): number;
  /** Calls `callback` once after `delayMs` milliseconds (0 up to Infinity, which never fires). */
  setTimer(callback: () => void, delayMs: number): Timer;
  /** Whether a timer armed in one request may serve another. `false` on Cloudflare Workers, where timers die with their request. */
  readonly sharedTimers: boolean;
}

/** The longest delay that `setTimeout` holds; a longer one would fire at once (HTML Standard, timers). */
const MAX_TIMEOUT_MS = 2 ** 31 - 1;

class SystemTimer implements Timer {
  private readonly callback: () => void;
  private handle: ReturnType<typeof setTimeout> | undefined;
  private referenced = true;

  constructor(callback: () => void, delayMs: number) {
    this.callback = callback;
    this.arm(delayMs);
  }

  private arm(delayMs: number): void {
    const restMs = delayMs - MAX_TIMEOUT_MS;
    this.handle =
      restMs > 0
        ? setTimeout(() => this.arm(restMs), MAX_TIMEOUT_MS)
        : setTimeout(this.callback, Math.max(0, delayMs));
    if (!this.referenced) this.unref();
  }

  cancel(): void {
    clearTimeout(this.handle);
  }

  // Browsers and workers return a number, which has neither method.
  ref(): void {
    this.referenced = true;
    this.handle?.ref?.();
  }

  unref(): void {
    this.referenced = false;
    this.handle?.unref?.();
  }
}

/**
 * The clock of the platform: `performance.now`, `Date.now` and `setTimeout`, looked up at each call so that fake
 * timers installed later are honoured.
 *
 * @example
 * ```ts
 * import { systemClock } from '@holdfast/pipeline';
 *
 * const startedAtMs = systemClock.now();
 * console.log(systemClock.now() - startedAtMs);
 * ```
 */
export const systemClock: Clock = {
  now: () => performance.now(),
  wallNow: () => Date.now(),
  setTimer: (callback, delayMs) => new SystemTimer(callback, delayMs),
  get sharedTimers() {
    return globalThis.navigator?.userAgent !== 'Cloudflare-Workers';
  },
};
