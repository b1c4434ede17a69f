import { expect, it } from 'vitest';
import { plainLine } from '../../src/view/plain-line.ts';
import { sampleMinute } from '../support/status.ts';

const { status } = sampleMinute();

it('tells everything in one line without colours', () => {
  expect(plainLine({ ...status, latencyMs: { p50: 65, p99: 1_250 } })).toBe(
    '0:59  open       healthy         answered 11.4/s  failed 0.0/s  timed out 0.0/s  rejected 9.5/s  ' +
      'retries 0.0/s  p50 65 ms  p99 1.3 s',
  );
});

it('leaves out a schedule that there is not', () => {
  expect(plainLine({ ...status, schedule: null })).not.toContain('healthy');
});

it('puts what happens without a strategy behind what happens with it', () => {
  const line = plainLine({ ...status, circuit: null, without: status });
  expect(line).toMatch(/^0:59 {2}healthy +answered 11\.4\/s .+ without: {2}answered 11\.4\/s .+ p99 \d+ ms$/);
});
