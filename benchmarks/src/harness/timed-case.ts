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
  /** What the calls so far have left, such as the value of a counter; each call must add 1 to it. */
  readonly counted?: () => number | Promise<number>;
  /** Names the work. A case of Holdfast shows how many times quicker it is than each peer's case of the same job. */
  readonly job?: string;
  /** The name of the case that this one does something on top of; how much is shown as `added ns`. */
  readonly above?: string;
  /** `false` where a call allocates more than the youngest generation holds, so that bytes cannot be told. */
  readonly countsBytes?: false;
  /** What is no time, found when times have been taken. */
  readonly figures?: () => Promise<Readonly<Record<string, number>>>;
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

/** Runs a case once, and throws where it does not end or count as it says: it would measure something else. */
export async function verify(timed: TimedCase): Promise<void> {
  timed.prepare?.();
  const expected = timed.ending ?? 'fulfils';
  const before = await timed.counted?.();
  const found = await endingOf(timed.op);
  const which = `case '${timed.name}' of ${timed.subject}`;
  if (found !== expected) throw new Error(`${which} ${found}, but says that it ${expected}`);
  if (before === undefined) return;
  const counted = Number(await timed.counted?.()) - before;
  if (counted !== 1) throw new Error(`${which} is called once, but counts ${counted}`);
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
