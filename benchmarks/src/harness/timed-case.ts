import type { Target } from './suite.ts';

/** How an operation ends: with a promise that fulfils or rejects, or at once with a value or an error. */
export type Ending = 'fulfils' | 'rejects' | 'returns' | 'throws';

/** An operation to be timed. */
export interface TimedCase {
  readonly name: string;
  readonly subject: string;
  readonly op: () => unknown;
  /** Default `fulfils`. */
  readonly ending?: Ending;
  /** Called before every batch, off the clock. */
  readonly prepare?: () => void;
  /** Default: as many as fill the batch's time. */
  readonly maxOpsPerBatch?: number;
  readonly target?: Target;
}

/** Runs an operation a number of times. */
export type Loop = (count: number) => unknown;

const BODIES: Readonly<Record<Ending, string>> = {
  fulfils: 'return async (count) => { for (let i = 0; i < count; i++) await op(); };',
  rejects: 'return async (count) => { for (let i = 0; i < count; i++) try { await op(); } catch {} };',
  returns: 'return (count) => { let last; for (let i = 0; i < count; i++) last = op(); return last; };',
  throws: 'return (count) => { for (let i = 0; i < count; i++) try { op(); } catch {} };',
};

/** Makes the loop of a case, from source of its own: in shared code one case would spoil the inlining of the next. */
export function loopOf({ op, ending = 'fulfils' }: TimedCase): Loop {
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  return (new Function('op', BODIES[ending]) as (op: () => unknown) => Loop)(op);
}

/** Runs a case once, and throws where it does not end as it says: it would measure something else. */
export async function verify(timed: TimedCase): Promise<void> {
  timed.prepare?.();
  const expected = timed.ending ?? 'fulfils';
  const found = await endingOf(timed.op);
  if (found === expected) return;
  throw new Error(`case '${timed.name}' of ${timed.subject} ${found}, but says that it ${expected}`);
}

async function endingOf(op: () => unknown): Promise<Ending> {
  let result;
  try {
    result = op();
  } catch {
    return 'throws';
  }
  if (!(result instanceof Promise)) return 'returns';
  return result.then(
    () => 'fulfils',
    () => 'rejects',
  );
}
