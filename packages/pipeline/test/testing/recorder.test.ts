import { createEmitter } from '@holdfast/pipeline';
import { recordEvents } from '@holdfast/pipeline/testing';
import { expect, it } from 'vitest';

it('a recorder keeps every event, oldest first, until it stops', () => {
  const emitter = createEmitter<{ type: 'a'; n: number } | { type: 'b' }>();
  emitter.emit({ type: 'b' });
  const recorder = recordEvents(emitter);
  emitter.emit({ type: 'a', n: 1 });
  emitter.emit({ type: 'b' });
  recorder.stop();
  emitter.emit({ type: 'b' });
  expect(recorder.events).toEqual([{ type: 'a', n: 1 }, { type: 'b' }]);
  expect(recorder.types).toEqual(['a', 'b']);
  expect(emitter.active).toBe(false);
});
