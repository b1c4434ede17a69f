import cluster, { type Worker as ClusterWorker } from 'node:cluster';
import { BroadcastChannel, type Worker as Thread } from 'node:worker_threads';
import { isAnswer, THREAD_CHANNEL, type Question } from './messages.ts';
import type { WorkerBook, WorkerKey } from './worker-book.ts';

/** How the workers of one kind are reached. */
export interface WorkerLines {
  /** Asks all that can be reached, and says whom. */
  ask(question: Question): readonly WorkerKey[];
  close(): void;
}

/** The lines to the processes of `node:cluster`, those to come included. */
export function clusterLines(book: WorkerBook): WorkerLines {
  const keyOf = ({ id }: ClusterWorker): WorkerKey => `process ${id}`;
  const connected = () => Object.values(cluster.workers ?? {}).filter((each) => each?.isConnected() === true);
  const onMessage = (worker: ClusterWorker, message: unknown): void => {
    if (isAnswer(message)) book.hear(keyOf(worker), message.state, message.to === undefined);
  };
  const onOnline = (worker: ClusterWorker): void => book.arrive(keyOf(worker));
  const onExit = (worker: ClusterWorker): void => book.leave(keyOf(worker));
  cluster.on('message', onMessage).on('online', onOnline).on('exit', onExit);
  for (const worker of connected()) if (worker !== undefined) onOnline(worker);
  return {
    ask: (question) =>
      connected().flatMap((worker) => {
        if (worker === undefined) return [];
        // It may end between the look and the call; its exit then settles the question.
        worker.send(question, () => undefined);
        return [keyOf(worker)];
      }),
    close: () => void cluster.off('message', onMessage).off('online', onOnline).off('exit', onExit),
  };
}

/** The lines to threads, each of which has to be named. */
export function threadLines(book: WorkerBook, asker: string): WorkerLines & { watch(thread: Thread): void } {
  const keyOf = (threadId: number): WorkerKey => `thread ${threadId}`;
  const watched = new Map<WorkerKey, () => void>();
  const channel = new BroadcastChannel(THREAD_CHANNEL);
  channel.onmessage = ({ data }: { data: unknown }) => {
    if (isAnswer(data) && (data.to === undefined || data.to.asker === asker)) {
      book.hear(keyOf(data.threadId), data.state, data.to === undefined);
    }
  };
  channel.unref();
  return {
    watch(thread) {
      const key = keyOf(thread.threadId);
      if (watched.has(key)) return;
      const onExit = (): void => {
        watched.delete(key);
        book.leave(key);
      };
      thread.once('exit', onExit);
      watched.set(key, () => thread.off('exit', onExit));
      book.arrive(key);
    },
    ask(question) {
      if (watched.size > 0) channel.postMessage(question);
      return [...watched.keys()];
    },
    close() {
      for (const end of watched.values()) end();
      watched.clear();
      channel.close();
    },
  };
}
