import type { Clock, ExecutionContext, Operation } from '@holdfast/pipeline';
import fc from 'fast-check';

const KINDS = [
  'value',
  'undefined',
  'sync throw',
  'reject',
  'thenable',
  'failing thenable',
  'throwing thenable',
  'subclass',
  'throw a string',
  'throw nothing',
  'hang',
] as const;

/** What one run of the operation does. */
export interface Behaviour {
  readonly kind: (typeof KINDS)[number];
  readonly afterMs: number;
  /** Whether it looks at the signal, and if so, whether it stops when that aborts. */
  readonly signal: 'unread' | 'read' | 'heeded';
}

/** What the runs of the operation do, one after the other; the last is repeated. */
export const behaviours: fc.Arbitrary<readonly Behaviour[]> = fc.array(
  fc.record({
    kind: fc.constantFrom(...KINDS),
    afterMs: fc.integer({ min: 0, max: 150 }),
    signal: fc.constantFrom('unread', 'read', 'heeded'),
  }),
  { minLength: 1, maxLength: 4 },
);

/** A run of the operation, as the test looks at it. */
export interface Run {
  readonly ctx: ExecutionContext;
  readonly signal: AbortSignal | undefined;
  readonly value: object;
  readonly startedAtMs: number;
  readonly remainingMs: number | undefined;
}

class Subclass<T> extends Promise<T> {}

/** Makes the operation, which notes its runs. */
export function play(all: readonly Behaviour[], clock: Clock, runs: Run[]): Operation<unknown> {
  return (ctx) => {
    const { kind, afterMs, signal: use } = all[Math.min(runs.length, all.length - 1)] as Behaviour;
    const signal = use === 'unread' ? undefined : ctx.signal;
    const value = { run: runs.length };
    runs.push({ ctx, signal, value, startedAtMs: clock.now(), remainingMs: ctx.remainingMs() });
    const later = (act: () => void) => {
      if (afterMs === 0) act();
      else clock.setTimer(act, afterMs);
    };
    const error = new Error(`run ${runs.length}`);
    const rejected = new Promise<never>((_, reject) => {
      if (use === 'heeded') signal?.addEventListener('abort', () => reject(signal.reason));
    });
    rejected.catch(Boolean);
    const settling = (act: (resolve: (value: unknown) => void, reject: (error: unknown) => void) => void) =>
      Promise.race([rejected, new Promise((resolve, reject) => later(() => act(resolve, reject)))]);
    switch (kind) {
      case 'value':
        return settling((resolve) => resolve(value));
      case 'undefined':
        return undefined;
      case 'sync throw':
        throw error;
      case 'reject':
        return settling((_, reject) => reject(error));
      case 'thenable':
        return { then: (resolve: (value: unknown) => void) => later(() => resolve(value)) };
      case 'failing thenable':
        return { then: (_: unknown, reject: (error: unknown) => void) => later(() => reject(error)) };
      case 'throwing thenable':
        return {
          then: () => {
            throw error;
          },
        };
      case 'subclass':
        return new Subclass((resolve) => later(() => resolve(value)));
      case 'throw a string':
        throw 'text';
      case 'throw nothing':
        return settling((_, reject) => reject(undefined));
      case 'hang':
        return rejected;
      default:
        return kind satisfies never;
    }
  };
}
