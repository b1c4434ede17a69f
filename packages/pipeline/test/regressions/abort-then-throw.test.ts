import { defineStrategy } from '@holdfast/pipeline';
import { expect, it } from 'vitest';
import { recordingGate } from '../recording-gate.ts';
import { expectNoUnhandledRejections } from '../unhandled.ts';

expectNoUnhandledRejections();

it('a synchronous operation that aborts its own call and then throws leaves no unhandled rejection', async () => {
  const gate = recordingGate();
  const abort = new AbortController();
  const reason = new Error('left');
  const operation = () => {
    abort.abort(reason);
    throw new Error('and threw');
  };
  const call = defineStrategy('gate', gate).execute(operation, { signal: abort.signal });
  await expect(call).rejects.toBe(reason);
  expect(gate.outcomes).toEqual(['ignored']);
});
