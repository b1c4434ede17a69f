import { describe, expect, it } from 'vitest';
import { createMetrics } from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { scrape } from '../scrape.ts';

describe.skipIf(!hasPromtool)('promtool', () => {
  it('finds nothing wrong with any kind of instrument, whatever the labels hold', async () => {
    const metrics = createMetrics({ seriesLimit: 300 });
    const counter = metrics.counter({ name: 'runs_total', help: 'Runs of "it"\nand \\', labels: ['a', 'b'] });
    for (let code = 0; code < 256; code++) counter.inc({ a: String.fromCharCode(code), b: '__proto__' });
    for (const a of ['\ud800', '\udc00', '"', '\\n', '\\', 'ü', '😀', '\u2028', ''])
      counter.inc({ a, b: '' });
    for (let i = 0; i < 100; i++) counter.inc({ a: i, b: i });
    metrics.gauge({ name: 'depth', help: 'Depth', labels: ['of'] }).set({ of: 'x' }, NaN);
    metrics
      .histogram({ name: 'wait_seconds', help: 'Waits', labels: ['at'] })
      .observe({ at: 'door' }, -Infinity);
    expect(lint(await scrape(metrics))).toBe('');
  });

  it('is able to find something', () => {
    expect(lint('# TYPE x_total gauge\nx_total 1\n')).toContain('x_total');
    expect(lint('x_total{a="\0"} 1\n')).not.toBe('');
  });
});
