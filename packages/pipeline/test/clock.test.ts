import { systemClock } from '@holdfast/pipeline';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';

const MAX_TIMEOUT_MS = 2 ** 31 - 1;

describe('the system clock', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  const fired = (delayMs: number) => {
    const callback = vi.fn();
    return { callback, timer: systemClock.setTimer(callback, delayMs) };
  };

  it.each([0, 1, 50, MAX_TIMEOUT_MS - 1, MAX_TIMEOUT_MS, MAX_TIMEOUT_MS + 1, 3 * MAX_TIMEOUT_MS + 7])(
    'fires a timer of %i ms once, not before',
    (delayMs) => {
      const { callback } = fired(delayMs);
      vi.advanceTimersByTime(Math.max(0, delayMs - 1));
      expect(callback).toHaveBeenCalledTimes(delayMs === 0 ? 1 : 0);
      vi.advanceTimersByTime(1);
      expect(callback).toHaveBeenCalledTimes(1);
      vi.advanceTimersByTime(MAX_TIMEOUT_MS);
      expect(callback).toHaveBeenCalledTimes(1);
    },
  );

  it('keeps a timer longer than the platform’s unref’ed for all its legs', () => {
    const armed = vi.spyOn(globalThis, 'setTimeout');
    const { timer } = fired(2 * MAX_TIMEOUT_MS);
    timer.unref();
    vi.advanceTimersByTime(MAX_TIMEOUT_MS);
    const legs = armed.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef());
    expect(legs).toEqual([false, false]);
  });

  it('never fires a timer of Infinity', () => {
    const { callback, timer } = fired(Infinity);
    vi.advanceTimersByTime(10 * MAX_TIMEOUT_MS);
    expect(callback).not.toHaveBeenCalled();
    timer.cancel();
    expect(vi.getTimerCount()).toBe(0);
  });

  it.each([50, MAX_TIMEOUT_MS + 50])('cancels a timer of %i ms, once or twice', (delayMs) => {
    const { callback, timer } = fired(delayMs);
    vi.advanceTimersByTime(delayMs - 1);
    timer.cancel();
    timer.cancel();
    vi.advanceTimersByTime(100);
    expect(callback).not.toHaveBeenCalled();
    expect(vi.getTimerCount()).toBe(0);
  });

  it('tells monotonic and wall time, as they are when it is asked', () => {
    const [now, wall] = [systemClock.now(), systemClock.wallNow()];
    vi.advanceTimersByTime(1_234);
    expect(systemClock.now() - now).toBe(1_234);
    expect(systemClock.wallNow() - wall).toBe(1_234);
    vi.setSystemTime(0);
    expect(systemClock.wallNow()).toBe(0);
    expect(systemClock.now() - now).toBe(1_234);
  });
});

describe('a timer of the system', () => {
  const handleOf = (make: () => ReturnType<typeof systemClock.setTimer>) => {
    const real = globalThis.setTimeout;
    const handles: NodeJS.Timeout[] = [];
    const spy = vi.spyOn(globalThis, 'setTimeout').mockImplementation(((...args: Parameters<typeof real>) => {
      handles.push(real(...args));
      return handles.at(-1);
    }) as typeof real);
    const timer = make();
    spy.mockRestore();
    return { timer, handles };
  };

  it('keeps the process alive until it is unref’ed', () => {
    const { timer, handles } = handleOf(() => systemClock.setTimer(() => undefined, 60_000));
    const states = [handles[0]?.hasRef()];
    timer.unref();
    states.push(handles[0]?.hasRef());
    timer.ref();
    states.push(handles[0]?.hasRef());
    timer.cancel();
    expect(states).toEqual([true, false, true]);
  });

  it('works where timers are numbers', () => {
    vi.spyOn(globalThis, 'setTimeout').mockImplementation((() => 7) as never);
    const cleared = vi.spyOn(globalThis, 'clearTimeout').mockImplementation(() => undefined);
    const timer = systemClock.setTimer(() => undefined, 50);
    timer.unref();
    timer.ref();
    timer.cancel();
    expect(cleared).toHaveBeenCalledWith(7);
  });
});

describe('sharedTimers', () => {
  afterEach(() => vi.unstubAllGlobals());

  it.each([
    ['Node', undefined, true],
    ['a browser', { userAgent: 'Mozilla/5.0' }, true],
    ['Cloudflare Workers', { userAgent: 'Cloudflare-Workers' }, false],
  ])('on %s', (_, navigator, shared) => {
    vi.stubGlobal('navigator', navigator);
    expect(systemClock.sharedTimers).toBe(shared);
  });
});
