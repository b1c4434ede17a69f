/* The operations that all subjects protect: async functions that wait for nothing, so that only protection is left. */
/* eslint-disable @typescript-eslint/require-await */
import type { ExecutionContext } from '@holdfast/pipeline';

/** One error for all failures, so that making it is not measured. */
export const failure = new Error('the dependency failed');

/** Answers at once. */
export const answer = (): number => 42;

/** Succeeds. */
export const succeed = async (): Promise<number> => 42;

/** Succeeds after a look at its signal, as whatever passes it on to `fetch` does. */
export const succeedWithSignal = async ({ signal }: Pick<ExecutionContext, 'signal'>): Promise<number> =>
  signal.aborted ? 0 : 42;

/** Fails. */
export const fail = async (): Promise<number> => {
  throw failure;
};

/** Makes an operation that fails and succeeds in turns. */
export function failEveryOther(): () => Promise<number> {
  let calls = 0;
  return () => (++calls % 2 === 1 ? fail() : succeed());
}
