import { defineStrategy } from '@holdfast/pipeline';
import { manualClock, script } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';
import { watch } from '../watch.ts';

const strategy = defineStrategy('gate', recordingGate());

describe('a scripted operation', () => {
  it('plays one step a call, and repeats the last', async () => {
    const operation = script<unknown>(manualClock(), { value: 1 }, { error: 'down' }, { value: undefined });
    const results = [];
    for (let i = 0; i < 4; i++) results.push(await strategy.try(operation));
    expect(results).toEqual([
      { ok: true, value: 1, degraded: false },
      { ok: false, error: 'down' },
      { ok: true, value: undefined, degraded: false },
      { ok: true, value: undefined, degraded: false },
    ]);
  });

  it('fails with whatever error it is given, also undefined', async () => {
    await expect(strategy.execute(script(manualClock(), { error: undefined }))).rejects.toBeUndefined();
  });

  it('takes its time, or hangs', async () => {
    const clock = manualClock();
    const operation = script(clock, { value: 'slow', afterMs: 50 }, { afterMs: Infinity });
    const [slow, never] = [
      watch(strategy.execute(operation), clock),
      watch(strategy.execute(operation), clock),
    ];
    await clock.run();
    expect(slow).toEqual({ settled: 1, value: 'slow', atMs: 50 });
    expect(never.settled).toBe(0);
    expect(clock.pendingTimers).toBe(0);
  });

  it('remembers the contexts of its calls', async () => {
    const operation = script(manualClock(), { value: 1 });
    await strategy.execute(operation, { attributes: { tenant: 'a' } });
    await strategy.execute(operation);
    expect(operation.calls.map(({ attributes }) => attributes)).toEqual([{ tenant: 'a' }, {}]);
  });

  it('needs a step', () => {
    expect(() => script(manualClock())).toThrow(new RangeError('script needs at least one step, got none'));
  });
});
