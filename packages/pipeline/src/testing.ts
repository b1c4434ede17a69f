export { manualClock, type ManualClock, type ManualClockOptions } from './testing/clock.ts';
export { seededRandom } from './testing/random.ts';
export { recordEvents, type EventRecorder } from './testing/recorder.ts';
export { script, type ScriptedOperation, type ScriptStep } from './testing/script.ts';
