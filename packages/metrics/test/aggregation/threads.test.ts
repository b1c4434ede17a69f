import { once } from 'node:events';
import { createServer } from 'node:http';
import path from 'node:path';
import { BroadcastChannel, Worker } from 'node:worker_threads';
import { createClusterMetrics, type ClusterMetrics } from '@holdfast/metrics/cluster';
import { manualClock, type ManualClock } from '@holdfast/pipeline/testing';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createMetrics, metricsEndpoint } from '../../src/index.ts';
import { listen } from '../http/frameworks.ts';
import { parseText } from '../parse-text.ts';
import { hasPromtool, lint } from '../promtool.ts';

const TIMEOUT_MS = 1_000;
let clock: ManualClock;
let all: ClusterMetrics;
let threads: Thread[];

interface Thread {
  readonly worker: Worker;
  /** Lets it go on that hangs. */
  release(): void;
  tell(name: string, argument?: number): Promise<void>;
}

async function start(): Promise<Thread> {
  const gate = new Int32Array(new SharedArrayBuffer(4));
  const worker = new Worker(path.join(import.meta.dirname, 'thread-app.ts'), {
    execArgv: ['--conditions=@holdfast/source'],
    workerData: { gate },
  });
  await once(worker, 'message');
  const thread: Thread = {
    worker,
    release: () => {
      Atomics.store(gate, 0, 1);
      Atomics.notify(gate, 0);
    },
    tell: async (name, argument) => {
      const ends = name === 'crash' || name === 'leave';
      const done = once(worker, ends ? 'exit' : 'message');
      worker.postMessage({ name, argument });
      await done;
    },
  };
  all.watch(worker);
  threads.push(thread);
  return thread;
}

/** Resolves a turn after a thread has answered a question. */
async function answerOf({ worker }: Thread): Promise<void> {
  const { threadId } = worker;
  const channel = new BroadcastChannel('holdfast.metrics/1');
  await new Promise<void>((resolve) => {
    channel.onmessage = ({ data }: { data: unknown }) => {
      const message = data as { readonly type: string; readonly threadId: number };
      if (message.type.endsWith('answer') && message.threadId === threadId) setImmediate(resolve);
    };
  });
  channel.close();
}

async function values(): Promise<Record<string, number>> {
  const { body } = await all.expose();
  return Object.fromEntries(
    parseText(body.toString()).map(({ name, labels, value }) => [
      [name, ...Object.values(labels)].join(' '),
      value,
    ]),
  );
}

beforeEach(() => {
  clock = manualClock();
  all = createClusterMetrics({ clock, timeoutMs: TIMEOUT_MS });
  threads = [];
});
afterEach(async () => {
  all.close();
  for (const { release } of threads) release();
  await Promise.all(threads.map(({ worker }) => worker.terminate()));
});

// Long enough for a machine that has much else to do; a thread takes a while to start.
vi.setConfig({ testTimeout: 60_000 });

describe('threads', () => {
  it('are added up by label tuple, and by bucket', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await Promise.all([one.tell('count', 1), two.tell('count', 5)]);
    expect(await values()).toMatchObject({
      'jobs_total 1|2 3': 6,
      'jobs_total 1 2|3': 6,
      'job_seconds_bucket 1': 1,
      'job_seconds_bucket 10': 2,
      'job_seconds_bucket +Inf': 2,
      job_seconds_sum: 6,
      job_seconds_count: 2,
      busy_ratio: 6,
      'metrics_workers answered': 2,
      'metrics_workers late': 0,
    });
  });

  it('that die leave what they have counted; levels go with them', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await Promise.all([one.tell('count', 1), two.tell('count', 5)]);
    await values();
    await two.tell('crash');
    expect(await values()).toMatchObject({
      'jobs_total 1 2|3': 6,
      job_seconds_count: 2,
      busy_ratio: 1,
      'metrics_workers answered': 1,
      metrics_worker_exits_total: 1,
    });
    const three = await start();
    await three.tell('count', 2);
    expect((await values())['jobs_total 1 2|3']).toBe(8);
  });

  it('that say farewell lose nothing', async () => {
    const one = await start();
    await one.tell('count', 7);
    await one.tell('leave');
    expect(await values()).toMatchObject({ 'jobs_total 1 2|3': 7, 'metrics_workers answered': 0 });
    expect(all.stats()).toEqual({ workers: 0, late: 0, timeouts: 0, exits: 1 });
  });

  it('that begin to count anew do not make the sum fall', async () => {
    const one = await start();
    await one.tell('count', 7);
    await values();
    await one.tell('reset');
    await one.tell('count', 1);
    expect((await values())['jobs_total 1 2|3']).toBe(8);
    expect((await values())['jobs_total 1 2|3']).toBe(8);
  });

  it('that hang are waited for so long and no longer; what they told last is used, and it is said', async () => {
    const [one, two] = await Promise.all([start(), start()]);
    await Promise.all([one.tell('count', 1), two.tell('count', 5)]);
    await values();
    await two.tell('hang');
    await one.tell('count', 1);
    const answered = answerOf(one);
    const pending = values();
    let done = false;
    void pending.then(() => (done = true));
    await answered;
    await clock.advance(TIMEOUT_MS - 1);
    expect(done).toBe(false);
    await clock.advance(1);
    const seen = await pending;
    expect(seen).toMatchObject({
      'metrics_workers answered': 1,
      'metrics_workers late': 1,
      metrics_worker_timeouts_total: 1,
    });
    expect(seen['jobs_total 1 2|3']).toBe(7);
    two.release();
    await one.tell('count', 1);
    expect(await values()).toMatchObject({ 'jobs_total 1 2|3': 8, 'metrics_workers late': 0 });
  });

  it('share their answers among scrapes at the same time', async () => {
    const one = await start();
    await one.tell('count', 3);
    const open = 'application/openmetrics-text; version=1.0.0';
    const [plain, again, metered] = await Promise.all([all.expose(), all.expose(), all.expose(open)]);
    expect(again.body.equals(plain.body)).toBe(true);
    expect(metered.contentType).toContain('openmetrics');
    expect(metered.body.toString()).toContain('jobs_total{a="1",b="2|3"} 3\n');
  });

  it.skipIf(!hasPromtool)('are served like any other metrics, and please promtool', async () => {
    const own = createMetrics();
    own.counter({ name: 'starts_total', help: 'Starts' }).inc();
    all.close();
    all = createClusterMetrics({ metrics: own, clock });
    const one = await start();
    await one.tell('count', 3);
    const { handle } = metricsEndpoint(all);
    const server = await listen(createServer(handle));
    const text = await (await fetch(`${server.url}/metrics`)).text();
    await server.close();
    expect(text).toContain('starts_total 1\n');
    expect(text).toContain('jobs_total{a="1",b="2|3"} 3\n');
    expect(lint(text)).toBe('');
  });
});

describe('closing', () => {
  it('ends a scrape that waits, asks nobody any more and listens to nobody', async () => {
    const one = await start();
    await one.tell('count', 4);
    await values();
    await one.tell('hang');
    const pending = values();
    await Promise.resolve();
    all.close();
    all.close();
    expect((await pending)['jobs_total 1 2|3']).toBe(4);
    expect((await values())['jobs_total 1 2|3']).toBe(4);
    expect(one.worker.listenerCount('exit')).toBe(0);
  });
});
