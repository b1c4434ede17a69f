import { defineStrategy, type Hook, type Strategy } from '@holdfast/pipeline';
import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import { recordingGate, type RecordingGate } from '../recording-gate.ts';

/** A gate on a manual clock, and what else stands inside of it. */
export interface SetUp {
  readonly clock: ManualClock;
  readonly gate: RecordingGate;
  readonly guarded: Strategy;
}

/** Makes a gate around hooks. */
export function setUp(...inside: readonly Hook[]): SetUp {
  const clock = manualClock();
  const gate = Object.assign(recordingGate(), { clock });
  return { clock, gate, guarded: defineStrategy('gate', [gate, ...inside]) };
}

/** A source that hangs when it is pulled. */
export const hang = { hang: true } as const;

/** What a stream that has ended answers. */
export const end = { done: true, value: undefined };
