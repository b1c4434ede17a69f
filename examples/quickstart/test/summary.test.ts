import { expect, it } from 'vitest';
import { summary } from '../src/summary.ts';
import { countsBy } from '../src/traffic/outcome.ts';
import { sampleMinute } from './support/status.ts';

it('sums up a run', () => {
  const { status } = sampleMinute();
  const text = summary({
    status: () => status,
    latency: () => ({ p50: 12, p99: 1_200 }),
    without: undefined,
  });
  expect(text).toBe(
    [
      '1206 requests in 60 s, of which',
      '    1080   89.6 %  answered by the upstream',
      '       6    0.5 %  failed, the upstream was too slow (504)',
      '     120   10.0 %  rejected at once (503, 429)',
      'Retries: 8. Latency: p50 12 ms, p99 1.2 s.',
      'The circuit opened 2 times and closed once; it is open.',
    ].join('\n'),
  );
});

it('copes with a run in which nothing happened', () => {
  const { status } = sampleMinute();
  const idle = { ...status, totals: { ...countsBy(() => 0), retries: 0 } };
  const text = summary({ status: () => idle, latency: () => ({ p50: null, p99: null }), without: undefined });
  expect(text).toContain('0 requests in 60 s');
  expect(text).toContain('p50 -, p99 -');
});
