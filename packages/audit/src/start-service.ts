import { Worker } from 'node:worker_threads';
import { ServiceClient } from './background/service-client.ts';
import type { ServiceData } from './background/service.ts';

/**
 * Starts a service in a thread of its own. Stands beside `worker.ts`, because that is where its file is sought: in the
 * sources and, under another ending, among what is built from them.
 */
export function startService(data: ServiceData): ServiceClient {
  const file = import.meta.url.endsWith('.ts') ? './worker.ts' : './worker.js';
  return new ServiceClient(new Worker(new URL(file, import.meta.url), { workerData: data, execArgv: [] }));
}
