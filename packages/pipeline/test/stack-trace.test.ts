import { defineStrategy, type Hook } from '@holdfast/pipeline';
import { manualClock } from '@holdfast/pipeline/testing';
import { expect, it } from 'vitest';
import { again } from './again.ts';
import { recordingGate } from './recording-gate.ts';
import { timeLimit } from './time-limit.ts';

const clock = manualClock();
const shapes: [string, readonly Hook[]][] = [
  ['a gate', [recordingGate()]],
  ['a cooperative scope', [timeLimit(clock, 50, false)]],
  ['a strict scope', [timeLimit(clock, 50)]],
  ['a recovery', [again(1)]],
  ['a whole pipeline', [timeLimit(clock, 90), again(1), recordingGate(), timeLimit(clock, 50)]],
];

it.each(shapes)('an error that is thrown after an await shows who called: behind %s', async (_, hooks) => {
  const guarded = defineStrategy('chain', hooks);
  async function theOperation() {
    await Promise.resolve();
    throw new Error('deep');
  }
  async function theCaller() {
    return await guarded.execute(theOperation);
  }
  const { stack } = (await theCaller().catch((error: unknown) => error as Error)) as Error;
  expect(stack).toContain('theOperation');
  expect(stack).toContain('theCaller');
});

it('an error that is thrown synchronously shows who called', async () => {
  const guarded = defineStrategy('chain', [timeLimit(clock, 50), again(1), recordingGate()]);
  function theOperation() {
    throw new Error('deep');
  }
  async function theCaller() {
    return await guarded.execute(theOperation);
  }
  const { stack } = (await theCaller().catch((error: unknown) => error as Error)) as Error;
  expect(stack).toContain('theOperation');
  expect(stack).toContain('theCaller');
});
