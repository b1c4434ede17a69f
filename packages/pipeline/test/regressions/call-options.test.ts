import { defineStrategy, type CallOptions } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';

describe('the options of a call', () => {
  const wrong: [CallOptions, string, string][] = [
    [{ timeoutMs: NaN }, 'RangeError', 'call: timeoutMs must be a number >= 0, got NaN'],
    [{ timeoutMs: -1 }, 'RangeError', 'call: timeoutMs must be a number >= 0, got -1'],
    [{ timeoutMs: '5' as never }, 'TypeError', 'call: timeoutMs must be a number >= 0, got "5"'],
    [{ timeoutMs: null as never }, 'TypeError', 'call: timeoutMs must be a number >= 0, got null'],
  ];

  it.each(wrong)('%j are refused by rejection with a %s', async (options, name, message) => {
    const clock = manualClock();
    const gate = { ...recordingGate(), clock };
    const strategy = defineStrategy('gate', gate);
    await expect(strategy.execute(() => 1, options)).rejects.toMatchObject({ name, message });
    const result = await strategy.try(() => 1, options);
    expect(result).toMatchObject({ ok: false, error: { name, message } });
    expect(gate.admitted).toEqual([]);
    expect(clock.pendingTimers).toBe(0);
  });

  it('that are no options at all are refused by rejection', async () => {
    const strategy = defineStrategy('gate', recordingGate());
    const signal = 'signal' as never;
    await expect(strategy.execute(() => 1, null as never)).rejects.toThrow(TypeError);
    await expect(strategy.execute(() => 1, { signal, timeoutMs: 5 })).rejects.toThrow(TypeError);
    await expect(strategy.execute(() => 1, { within: {} as never })).rejects.toThrow(TypeError);
  });

  it('keep their own deadline when the call that they are within has settled', async () => {
    const clock = manualClock();
    const strategy = defineStrategy('gate', { ...recordingGate(), clock });
    const within = await strategy.execute((ctx) => ctx, { timeoutMs: 10 });
    const hang = () => new Promise<never>(() => undefined);
    const late = strategy.execute(hang, { within, timeoutMs: 50 }).catch((error: unknown) => error);
    await clock.advance(50);
    expect(await late).toMatchObject({ code: 'ERR_TIMEOUT', timeoutMs: 50 });
  });
});
