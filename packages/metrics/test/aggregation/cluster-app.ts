/**
 * A service of several processes. The first one forks the others, tells them what to do as its standard input says, and
 * prints what they have counted in sum when it is asked to.
 */
import cluster, { type Worker } from 'node:cluster';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { createMetrics } from '@holdfast/metrics';
import { createClusterMetrics, shareMetrics } from '@holdfast/metrics/cluster';
import { Counter, Registry, Summary } from 'prom-client';

async function primary(): Promise<void> {
  const all = createClusterMetrics({ timeoutMs: 2_000, aggregators: { hottest_celsius: 'max' } });
  const workers: Worker[] = [];
  const start = async () => {
    const worker = cluster.fork();
    workers.push(worker);
    await once(worker, 'message');
  };
  for await (const line of createInterface({ input: process.stdin })) {
    const [command = '', index = '0', argument = '0'] = line.split(' ');
    const worker = workers[Number(index)];
    if (command === 'start') await start();
    else if (command === 'scrape') console.log(JSON.stringify((await all.expose()).body.toString()));
    else if (command === 'kill') {
      const gone = worker && once(worker, 'exit');
      worker?.process.kill('SIGKILL');
      await gone;
    } else if (command === 'stop' || command === 'continue') {
      worker?.process.kill(command === 'stop' ? 'SIGSTOP' : 'SIGCONT');
    } else if (worker !== undefined) {
      const done = once(worker, command === 'leave' ? 'exit' : 'message');
      worker.send({ command, argument: Number(argument) });
      await done;
    }
    console.log('done');
  }
  all.close();
  for (const worker of Object.values(cluster.workers ?? {})) worker?.process.kill('SIGKILL');
}

function worker(): void {
  const registry = new Registry();
  const metrics = createMetrics({ registry });
  const jobs = metrics.counter({ name: 'jobs_total', help: 'Jobs', labels: ['kind'] });
  const hottest = metrics.gauge({ name: 'hottest_celsius', help: 'Heat' });
  const foreign = new Counter({ name: 'foreign_total', help: 'Of prom-client', registers: [registry] });
  const summary = new Summary({ name: 'foreign_seconds', help: 'Of prom-client', registers: [registry] });
  const shared = shareMetrics(metrics);
  process.on('message', ({ command, argument }: { readonly command?: string; readonly argument: number }) => {
    if (command === 'count') {
      jobs.inc({ kind: 'mail' }, argument);
      hottest.set(argument);
      foreign.inc(argument);
      summary.observe(argument);
      process.send?.('counted');
    }
    if (command === 'leave') void shared.close().then(() => process.disconnect());
  });
  process.send?.('ready');
}

if (cluster.isPrimary) await primary();
else worker();
