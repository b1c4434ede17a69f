import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test } from 'vitest';
import { Timeline } from '../src/timeline.ts';

const flapping = { flapTransitions: 3, flapWindowMs: 1_000 };

describe('timeline', () => {
  test('tells what changed, when and why', async () => {
    const clock = manualClock({ wallStartMs: 5_000 });
    const timeline = new Timeline(clock, 10);
    timeline.enter('up', undefined);
    await clock.advance(20);
    expect(timeline.enter('down', 'timeout')).toEqual({
      atMs: 5_020,
      from: 'up',
      to: 'down',
      reason: 'timeout',
    });
    expect(timeline.history().map(({ to }) => to)).toEqual(['up', 'down']);
  });

  test('the first look is no transition', () => {
    const timeline = new Timeline(manualClock(), 10);
    timeline.enter('up', undefined);
    expect(timeline.transitions).toBe(0);
    timeline.enter('down', undefined);
    expect(timeline.transitions).toBe(1);
  });

  test('remembers only the last changes, but counts them all', () => {
    const timeline = new Timeline(manualClock(), 2);
    for (const state of ['up', 'down', 'up', 'degraded'] as const) timeline.enter(state, undefined);
    expect(timeline.history().map(({ to }) => to)).toEqual(['up', 'degraded']);
    expect(timeline.transitions).toBe(3);
  });

  test('flaps at flapTransitions changes within the window, and no more once they are older', async () => {
    const clock = manualClock();
    const timeline = new Timeline(clock, 10);
    for (const state of ['up', 'down', 'up'] as const) timeline.enter(state, undefined);
    expect(timeline.flapping(flapping)).toBe(false);
    timeline.enter('down', undefined);
    expect(timeline.flapping(flapping)).toBe(true);
    await clock.advance(1_000);
    expect(timeline.flapping(flapping)).toBe(false);
  });

  test('a wall clock that jumps changes neither flapping nor availability', async () => {
    const clock = manualClock();
    const timeline = new Timeline(clock, 10);
    for (const state of ['up', 'down', 'up', 'down'] as const) timeline.enter(state, undefined);
    await clock.advance(10);
    clock.jumpWall(-3_600_000);
    expect(timeline.flapping(flapping)).toBe(true);
    expect(timeline.availabilityRatio()).toBe(0);
  });

  test('availability is the share of the known time spent up or degraded', async () => {
    const clock = manualClock();
    const timeline = new Timeline(clock, 10);
    await clock.advance(500);
    expect(timeline.availabilityRatio()).toBeUndefined();
    timeline.enter('up', undefined);
    await clock.advance(50);
    timeline.enter('degraded', undefined);
    await clock.advance(25);
    timeline.enter('down', undefined);
    await clock.advance(25);
    expect(timeline.availabilityRatio()).toBe(0.75);
  });
});
