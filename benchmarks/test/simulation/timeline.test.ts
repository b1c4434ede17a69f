import { describe, expect, it } from 'vitest';
import { Timeline } from '../../src/simulation/timeline.ts';

/** A timeline with 100 calls a second, of which so many succeed. */
function timelineOf(...percentages: number[]): Timeline {
  const timeline = new Timeline();
  percentages.forEach((good, second) => {
    for (let call = 0; call < 100; call++) {
      if (call < good) timeline.succeeded(second);
      else timeline.failed(second);
    }
  });
  return timeline;
}

describe('Timeline', () => {
  it('tells the share of successes from one second to before another', () => {
    expect(timelineOf(100, 0, 50, 100).successRatio(1, 3)).toBe(0.25);
  });

  it('tells from when on every second is good', () => {
    expect(timelineOf(0, 0, 100, 100).steadyFrom(0, 4)).toBe(2);
    expect(timelineOf(0, 100, 0, 100).steadyFrom(0, 4)).toBe(3);
    expect(timelineOf(100, 100).steadyFrom(0, 2)).toBe(0);
  });

  it('tells that it never became good', () => {
    expect(timelineOf(100, 100, 0).steadyFrom(0, 3)).toBeNull();
  });

  it.each([
    [94, null],
    [95, 0],
  ])('calls a second good from 95 %% on: %d %%', (good, from) => {
    expect(timelineOf(good).steadyFrom(0, 1)).toBe(from);
  });

  it('takes seconds without calls for good ones', () => {
    expect(new Timeline().steadyFrom(0, 5)).toBe(0);
  });

  it('tells the counts of each second, those without calls included', () => {
    const timeline = timelineOf(100, 60);
    timeline.failed(3);
    expect(timeline.counts(5)).toEqual({ all: [100, 100, 0, 1, 0], good: [100, 60, 0, 0, 0] });
  });
});
