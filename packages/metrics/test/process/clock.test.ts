import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { observeGc, openEventLoopClock, type EventLoopClock } from '../../src/process/clock.ts';

const { gc } = globalThis as { gc?: () => void };
const opened: { close(): void }[] = [];

function open(): EventLoopClock {
  const clock = openEventLoopClock();
  opened.push(clock);
  return clock;
}

afterEach(() => {
  for (const each of opened.splice(0)) each.close();
});

describe('the clock of the event loop', () => {
  it('has measured nothing when it has just begun', () => {
    expect(open().delay()).toEqual({ min: 0, mean: 0, max: 0, p50: 0, p90: 0, p99: 0 });
  });

  it('tells delays in order, in seconds', async () => {
    const clock = open();
    await expect.poll(() => clock.delay().max, { timeout: 60_000, interval: 100 }).toBeGreaterThan(0);
    await pause(100);
    const { min, mean, max, p50, p90, p99 } = clock.delay();
    expect([min, p50, p90, p99]).toEqual([min, p50, p90, p99].sort((a, b) => a - b));
    expect(mean).toBeGreaterThanOrEqual(min);
    expect(mean).toBeLessThanOrEqual(max);
    expect(max).toBeLessThan(60);
  });

  it('tells which share of the time since the last reading was busy', async () => {
    const clock = open();
    clock.utilization();
    const until = performance.now() + 50;
    while (performance.now() < until);
    const busy = clock.utilization();
    expect(busy).toBeGreaterThan(0);
    expect(busy).toBeLessThanOrEqual(1);
    await pause(50);
    const idle = clock.utilization();
    expect(idle).toBeGreaterThanOrEqual(0);
    expect(idle).toBeLessThan(1);
  });

  it('knows how long the process has been running', () => {
    const before = process.uptime();
    expect(open().uptimeSeconds()).toBeGreaterThanOrEqual(before);
  });

  it('may be closed twice', () => {
    const clock = open();
    clock.close();
    expect(() => clock.close()).not.toThrow();
  });
});

describe.skipIf(gc === undefined)('the listener to the garbage collector', () => {
  it('hears of each collection, by kind and in seconds, until it is ended', async () => {
    const heard: (readonly [string, number])[] = [];
    const end = observeGc((kind, seconds) => void heard.push([kind, seconds]));
    opened.push({ close: end });
    gc?.();
    await expect.poll(() => heard.map(([kind]) => kind), { timeout: 60_000 }).toContain('major');
    for (const [, seconds] of heard) {
      expect(seconds).toBeGreaterThanOrEqual(0);
      expect(seconds).toBeLessThan(60);
    }
    end();
    const count = heard.length;
    gc?.();
    await pause(20);
    expect(heard).toHaveLength(count);
  });
});
