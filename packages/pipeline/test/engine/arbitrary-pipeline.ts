import {
  defineStrategy,
  pipeline,
  rejection,
  type Clock,
  type ForeignStrategy,
  type Permit,
  type Rejection,
  type Strategy,
} from '@holdfast/pipeline';
import fc from 'fast-check';
import { again } from '../again.ts';
import { hedged } from '../hedged.ts';
import { recordingGate, type RecordingGate } from '../recording-gate.ts';
import { timeLimit, type TimeLimit } from '../time-limit.ts';

/** One layer of a random pipeline. */
export type Layer =
  | { readonly kind: 'gate'; readonly refuses: readonly number[]; readonly waitMs: number | undefined }
  | { readonly kind: 'scope'; readonly ms: number; readonly strict: boolean }
  | { readonly kind: 'recovery'; readonly maxAttempts: number; readonly delayMs: number }
  | { readonly kind: 'hedge'; readonly delayMs: number }
  | { readonly kind: 'foreign'; readonly around: readonly Layer[] }
  | { readonly kind: 'nested'; readonly around: readonly Layer[] };

const gate: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constant('gate'),
  refuses: fc.array(fc.integer({ min: 1, max: 6 }), { maxLength: 2 }),
  waitMs: fc.option(fc.integer({ min: 0, max: 40 }), { nil: undefined, freq: 2 }),
});
const scope: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constant('scope'),
  ms: fc.integer({ min: 1, max: 120 }),
  strict: fc.boolean(),
});
const recovery: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constant('recovery'),
  maxAttempts: fc.integer({ min: 1, max: 3 }),
  delayMs: fc.integer({ min: 0, max: 30 }),
});
const hedge: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constant('hedge'),
  delayMs: fc.integer({ min: 0, max: 30 }),
});
const flat = fc.oneof({ weight: 4, arbitrary: gate }, { weight: 3, arbitrary: scope }, recovery, hedge);
const composed: fc.Arbitrary<Layer> = fc.record({
  kind: fc.constantFrom('foreign', 'nested'),
  around: fc.array(flat, { minLength: 1, maxLength: 3 }),
});

/** From 1 to 8 layers, some of which hold up to 3 more. Few repeat what is inside, so that no run explodes. */
export const layers: fc.Arbitrary<readonly Layer[]> = fc
  .array(fc.oneof({ weight: 6, arbitrary: flat }, composed), { minLength: 1, maxLength: 8 })
  .filter((all) => repeats(all) <= 3);

const repeats = (all: readonly Layer[]): number =>
  all.reduce((count, layer) => {
    if ('around' in layer) return count + repeats(layer.around);
    return count + (layer.kind === 'recovery' || layer.kind === 'hedge' ? 1 : 0);
  }, 0);

/** A built pipeline, and everything in it that keeps count. */
export interface Built {
  readonly strategy: Strategy<unknown>;
  readonly gates: RecordingGate[];
  /** The gates of foreign policies, which judge for themselves. */
  readonly foreignGates: RecordingGate[];
  readonly limits: TimeLimit[];
}

/** Builds what {@link layers} describe. */
export function build(all: readonly Layer[], clock: Clock): Built {
  const gates: RecordingGate[] = [];
  const foreignGates: RecordingGate[] = [];
  const limits: TimeLimit[] = [];
  const compose = (some: readonly Layer[], own = gates) =>
    pipeline(...some.map((layer) => strategyOf(layer, own)));
  const strategyOf = (layer: Layer, own: RecordingGate[]): Strategy<unknown> | ForeignStrategy => {
    switch (layer.kind) {
      case 'gate': {
        const hook = randomGate(layer, clock);
        own.push(hook);
        return defineStrategy('gate', hook);
      }
      case 'scope': {
        const hook = timeLimit(clock, layer.ms, layer.strict);
        limits.push(hook);
        return defineStrategy('scope', hook);
      }
      case 'recovery':
        return defineStrategy('again', again(layer.maxAttempts, { clock, delayMs: layer.delayMs }));
      case 'hedge':
        return defineStrategy('hedge', hedged(clock, layer.delayMs));
      case 'foreign': {
        const inner = compose(layer.around, foreignGates);
        return {
          execute: <T>(operation: () => T) => inner.execute(operation) as PromiseLike<T>,
        } as ForeignStrategy;
      }
      case 'nested':
        return compose(layer.around, own);
      default:
        return layer satisfies never;
    }
  };
  const first = defineStrategy('clock', { kind: 'scope', name: 'clock', clock, strict: false, ...silent });
  return { strategy: pipeline(first, compose(all)), gates, foreignGates, limits };
}

const silent = { enter: () => undefined, exit: () => undefined };

function randomGate({ refuses, waitMs }: Layer & { kind: 'gate' }, clock: Clock): RecordingGate {
  return recordingGate('gate', [], (permit, call) => {
    const answer = refuses.includes(permit) ? rejection('ERR_SHUT', 'gate', 5) : permit;
    if (waitMs === undefined) return answer;
    return new Promise<Permit | Rejection>((resolve, reject) => {
      const timer = clock.setTimer(() => resolve(answer), waitMs);
      // Every other call listens while it queues; the rest get their permit late and have to give it back.
      if (permit % 2 === 0) return;
      call.onEnd((reason) => {
        timer.cancel();
        reject(reason);
      });
    });
  });
}
