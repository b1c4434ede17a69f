import { expect, it } from 'vitest';
import { compared } from '../src/compared.ts';
import { bulkhead } from '../src/scenarios/bulkhead.ts';
import { sampleMinute } from './support/status.ts';

const { status } = sampleMinute();
const without = { ...status, reached: { requests: 1_206, mostAtOnce: 40 } };

it('puts a run with a strategy beside one without it', () => {
  const both = {
    ...status,
    scenario: bulkhead,
    totals: { ...status.totals, answered: 1_000, degraded: 80 },
    reached: { requests: 1_006, mostAtOnce: 8 },
    without,
  };
  expect(compared(both, { p50: 12, p99: 40 }, { p50: 13, p99: 1_200 })).toBe(
    [
      'bulkhead: at most 8 requests at a time, and 8 in a queue for at most 200 ms',
      '',
      '  in 60 s                                without      with',
      '  requests                                  1206      1206',
      '  answered by the upstream                89.6 %    82.9 %',
      '  answered by what stood in for it         0.0 %     6.6 %',
      '  rejected at once                        10.0 %    10.0 %',
      '  failed, or given up by its client        0.5 %     0.5 %',
      '  p50                                      13 ms     12 ms',
      '  p99                                      1.2 s     40 ms',
      '  requests at the upstream                  1206      1006',
      '  at most at a time                           40         8',
    ].join('\n'),
  );
});

it('does not know what reached an upstream that nobody counts at', () => {
  const text = compared(
    { ...status, without: { ...without, reached: null } },
    { p50: 1, p99: 1 },
    { p50: 1, p99: 1 },
  );
  expect(text).toMatch(/requests at the upstream +- +-$/m);
});
