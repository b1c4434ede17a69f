import { readdirSync } from 'node:fs';
import { setTimeout as pause } from 'node:timers/promises';
import { afterEach, describe, expect, it } from 'vitest';
import { createMetrics, processMetrics } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { samplesOf, scrape } from '../scrape.ts';

let stop = () => {};
afterEach(() => stop());

function setUp() {
  const metrics = createMetrics();
  stop = processMetrics(metrics);
  const read = async (name: string) =>
    (await samplesOf(metrics, name)).find((each) => each.name === name)?.value ?? NaN;
  return { metrics, read };
}

describe('process metrics', () => {
  it('tell what the system tells', async () => {
    const { read } = setUp();
    expect(await read('process_resident_memory_bytes')).toBeGreaterThan(10_000_000);
    expect(await read('nodejs_heap_size_used_bytes')).toBeLessThan(
      await read('nodejs_heap_size_limit_bytes'),
    );
    expect(await read('process_uptime_seconds')).toBeCloseTo(process.uptime(), 0);
    const startedAt = Date.now() / 1000 - process.uptime();
    expect(Math.abs((await read('process_start_time_seconds')) - startedAt)).toBeLessThan(1);
    const { user, system } = process.cpuUsage();
    expect(await read('process_cpu_seconds_total')).toBeCloseTo((user + system) / 1e6, 0);
  });

  it.skipIf(process.platform !== 'linux')('count file descriptors', async () => {
    const { read } = setUp();
    expect(Math.abs((await read('process_open_fds')) - readdirSync('/proc/self/fd').length)).toBeLessThan(5);
    expect(await read('process_max_fds')).toBeGreaterThan(20);
  });

  it('notice that the event loop was held up', async () => {
    const { read } = setUp();
    await read('nodejs_eventloop_delay_max_seconds');
    // Node starts to measure anew with the next sample.
    await pause(50);
    const until = performance.now() + 120;
    while (performance.now() < until);
    await pause(50);
    expect(await read('nodejs_eventloop_delay_max_seconds')).toBeGreaterThan(0.08);
    expect(await read('nodejs_eventloop_utilization_ratio')).toBeLessThanOrEqual(1);
  });

  it('time the garbage collector', async () => {
    const { metrics } = setUp();
    (globalThis as { gc?: () => void }).gc?.();
    await expect.poll(() => samplesOf(metrics, 'nodejs_gc_duration_seconds_count')).not.toEqual([]);
  });

  it('count what keeps the process alive, by type, anew at each scrape', async () => {
    const { metrics } = setUp();
    const timers = async () => {
      const samples = await samplesOf(metrics, 'nodejs_active_resources');
      return samples.find(({ labels }) => labels['type'] === 'Timeout')?.value ?? 0;
    };
    const before = await timers();
    const started = Array.from({ length: 100 }, () => setTimeout(() => undefined, 100_000));
    const during = await timers();
    for (const timer of started) clearTimeout(timer);
    const after = await timers();
    expect(during - before).toBeGreaterThan(50);
    expect(during - after).toBeGreaterThan(50);
  });

  it('count once when two ask for them on the same registry', async () => {
    const { metrics, read } = setUp();
    const stopOther = processMetrics(createMetrics({ registry: metrics.registry }));
    const { user } = process.cpuUsage();
    expect(await read('process_cpu_user_seconds_total')).toBeLessThan((user / 1e6) * 1.5);
    stopOther();
  });

  it('end when they are told to', async () => {
    const { read } = setUp();
    stop();
    const before = await read('process_uptime_seconds');
    await pause(5);
    expect(await read('process_uptime_seconds')).toBe(before);
  });

  it.skipIf(!hasPromtool)('have names that promtool likes', async () => {
    const { metrics } = setUp();
    expect(lint(await scrape(metrics))).toBe('');
  });
});
