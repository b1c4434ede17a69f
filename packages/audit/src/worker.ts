import { parentPort, workerData } from 'node:worker_threads';
import type { Service, ServiceAnswer, ServiceCall, ServiceData } from './background/service.ts';
import { openPersonalDatabase } from './personal/personal-database.ts';
import { IndexDatabase } from './query/index-database.ts';

// The program of a worker thread: runs one service and answers its callers in turn. It imports nothing but Node and
// files of this package, so that it starts under any loader.

const { service: kind, file } = workerData as ServiceData;
const service: unknown = kind === 'personal' ? openPersonalDatabase(file) : new IndexDatabase(file);

parentPort?.on('message', ({ id, method, argument }: ServiceCall) => {
  parentPort?.postMessage(answerTo(id, method, argument));
});

function answerTo(id: number, method: string, argument: unknown): ServiceAnswer {
  try {
    return { id, value: (service as Service)[method]?.(argument as never) };
  } catch (error) {
    return { id, error };
  }
}
