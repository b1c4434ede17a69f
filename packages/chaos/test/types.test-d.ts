import { chaos, type Chaos } from '@holdfast/chaos';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import { expectTypeOf } from 'vitest';

const failing = chaos({ faults: [{ kind: 'error', ratio: 0.1, error: () => new Error('injected') }] });
expectTypeOf(failing).toEqualTypeOf<Chaos>();
expectTypeOf(failing.execute(() => 1)).toEqualTypeOf<Promise<number>>();

// A result fault widens the type of the result, as it may answer instead of the operation.
const answering = chaos({ faults: [{ kind: 'result', ratio: 0.1, result: () => 'injected' }] });
expectTypeOf(answering).toExtend<Strategy<string>>();
expectTypeOf(pipeline(answering).execute(() => 1)).toEqualTypeOf<Promise<number | string>>();

failing.on('chaos.injected', (event) =>
  expectTypeOf(event.fault).toEqualTypeOf<'error' | 'latency' | 'result' | 'hang'>(),
);
// @ts-expect-error a fault says what it does
chaos({ faults: [{ ratio: 1 }] });
// @ts-expect-error only a latency has a delay
chaos({ faults: [{ kind: 'hang', ratio: 1, delayMs: 1 }] });
