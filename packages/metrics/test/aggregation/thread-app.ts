/** A worker thread that does as it is told: counts, hangs until it is let go, throws, says farewell. */
import { parentPort, workerData } from 'node:worker_threads';
import { createMetrics } from '@holdfast/metrics';
import { shareMetrics } from '@holdfast/metrics/cluster';

const { gate } = workerData as { readonly gate: Int32Array };
const metrics = createMetrics();
const jobs = metrics.counter({ name: 'jobs_total', help: 'Jobs', labels: ['a', 'b'] });
const took = metrics.histogram({ name: 'job_seconds', help: 'Jobs', buckets: [1, 10] });
const busy = metrics.gauge({ name: 'busy_ratio', help: 'Busy' });
const shared = shareMetrics(metrics);

const commands: Readonly<Record<string, (argument: number) => unknown>> = {
  count: (amount) => {
    // Two series that prom-client takes for one.
    jobs.inc({ a: '1|2', b: '3' }, amount);
    jobs.inc({ a: '1', b: '2|3' }, amount);
    took.observe(amount);
    busy.set(amount);
  },
  reset: () => jobs.reset(),
  hang: () => {
    parentPort?.postMessage('hanging');
    Atomics.wait(gate, 0, 0);
  },
  crash: () => process.exit(1),
  leave: async () => {
    await shared.close();
    parentPort?.close();
  },
};

async function obey({ name, argument }: { readonly name: string; readonly argument: number }) {
  await commands[name]?.(argument);
  if (name !== 'leave') parentPort?.postMessage(name);
}

parentPort?.on('message', (command: Parameters<typeof obey>[0]) => void obey(command));
parentPort?.postMessage('ready');
