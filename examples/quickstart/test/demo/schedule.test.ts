import { expect, it } from 'vitest';
import { readSchedule, SCHEDULE, type Phase } from '../../src/demo/schedule.ts';

const phase = (name: string, seconds: number): Phase => {
  return { name, seconds, latencyMs: [1, 2], faultRatio: 0, fault: 'none' };
};
const two = [phase('good', 2), phase('bad', 3)];

it.each([
  [0, 'good', 2_000, 'bad'],
  [1_999, 'good', 1, 'bad'],
  [2_000, 'bad', 3_000, 'good'],
  [4_999, 'bad', 1, 'good'],
  [5_000, 'good', 2_000, 'bad'],
  [7_500, 'bad', 2_500, 'good'],
])('at %i ms is in phase %s for %i ms', (elapsedMs, name, endsInMs, next) => {
  expect(readSchedule(elapsedMs, 1, two)).toMatchObject({ phase: { name }, endsInMs, next: { name: next } });
});

it('runs faster', () => {
  expect(readSchedule(250, 10, two)).toMatchObject({ phase: { name: 'bad' }, endsInMs: 250 });
});

it('shows every kind of trouble within a minute, each followed by health', () => {
  expect(SCHEDULE.reduce((sum, { seconds }) => sum + seconds, 0)).toBe(60);
  const faults = new Set(SCHEDULE.map(({ fault }) => fault));
  expect(faults).toEqual(new Set(['none', 'status', 'hang', 'break', 'refuse']));
  for (const [index, { faultRatio }] of SCHEDULE.entries()) {
    if (faultRatio >= 0.5) expect(SCHEDULE[index + 1]?.name).toBe('healthy');
  }
});
