import { BroadcastChannel, isMainThread, threadId } from 'node:worker_threads';
import type { Metrics } from '../metrics.ts';
import { isQuestion, THREAD_CHANNEL, type Answer } from './messages.ts';
import { readState } from './worker-state.ts';

/** The numbers of a worker, within reach of the process that adds them up. */
export interface SharedMetrics {
  /**
   * Sends the last numbers and answers no more. Without it, what was counted since the last scrape goes with the worker.
   *
   * @returns resolves when they are on their way
   */
  close(): Promise<void>;
}

/** How a worker is asked, and answers. */
interface Line {
  send(answer: Answer): Promise<void>;
  close(): void;
}

/**
 * Lets {@link createClusterMetrics} ask for the numbers of this worker: a process of `node:cluster`, or a thread. It keeps
 * no thread alive. In a process that is neither it does nothing.
 *
 * @example
 * ```ts
 * import { createMetrics } from '@holdfast/metrics';
 * import { shareMetrics } from '@holdfast/metrics/cluster';
 *
 * const shared = shareMetrics(createMetrics());
 * process.once('SIGTERM', () => void shared.close());
 * ```
 */
export function shareMetrics(metrics: Pick<Metrics, 'registry'>): SharedMetrics {
  const tell = async (to: Answer['to']): Promise<void> => {
    const state = await readState(metrics.registry, () => undefined);
    await line?.send({ type: 'holdfast.metrics.answer', to, threadId, state });
  };
  // One after the other: numbers that arrive in another order than they were read in would seem to have fallen.
  let last: Promise<void> = Promise.resolve();
  const answer = (to: Answer['to']): Promise<void> => (last = last.then(() => tell(to)));
  const onMessage = (message: unknown): void => {
    if (isQuestion(message)) void answer({ asker: message.asker, number: message.number });
  };
  const line = isMainThread ? processLine(onMessage) : threadLine(onMessage);
  let closing: Promise<void> | undefined;
  return { close: () => (closing ??= answer(undefined).finally(() => line?.close())) };
}

function threadLine(onMessage: (message: unknown) => void): Line {
  const channel = new BroadcastChannel(THREAD_CHANNEL);
  channel.onmessage = ({ data }: { data: unknown }) => onMessage(data);
  channel.unref();
  return {
    // Posting is a matter of memory: what was posted arrives even when the thread ends in the same turn.
    send: (answer) => Promise.resolve(channel.postMessage(answer)),
    close: () => channel.close(),
  };
}

function processLine(onMessage: (message: unknown) => void): Line | undefined {
  if (process.send === undefined) return undefined;
  process.on('message', onMessage);
  return {
    send: (answer) =>
      new Promise((resolve) => {
        // A primary that is gone wants no answer.
        if (process.connected) process.send?.(answer, () => resolve());
        else resolve();
      }),
    close: () => process.off('message', onMessage),
  };
}
