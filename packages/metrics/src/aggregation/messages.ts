import type { WorkerState } from './worker-state.ts';

/** What a primary asks its workers for. */
export interface Question {
  readonly type: 'holdfast.metrics.question';
  /** Who asks, as a process may hold several that do. */
  readonly asker: string;
  readonly number: number;
}

/** What a worker answers, and what it says unasked before it ends. */
export interface Answer {
  readonly type: 'holdfast.metrics.answer';
  /** The question that it answers. Farewells answer none, and are for everybody. */
  readonly to: { readonly asker: string; readonly number: number } | undefined;
  /** The thread that it comes from; 0 is the main one. */
  readonly threadId: number;
  readonly state: WorkerState;
}

/** The channel by which the threads of a process talk. */
export const THREAD_CHANNEL = 'holdfast.metrics/1';

export function isQuestion(message: unknown): message is Question {
  return (message as Question | null)?.type === 'holdfast.metrics.question';
}

export function isAnswer(message: unknown): message is Answer {
  return (message as Answer | null)?.type === 'holdfast.metrics.answer';
}
