import { spawn, type ChildProcessWithoutNullStreams } from 'node:child_process';
import { once } from 'node:events';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { parseText } from '../parse-text.ts';

vi.setConfig({ testTimeout: 60_000 });

let service: ChildProcessWithoutNullStreams;
let lines: AsyncIterator<string>;

beforeAll(async () => {
  service = spawn(
    process.execPath,
    ['--conditions=@holdfast/source', path.join(import.meta.dirname, 'cluster-app.ts')],
    { env: { ...process.env, NODE_OPTIONS: '', NODE_NO_WARNINGS: '1' } },
  );
  service.stderr.pipe(process.stderr);
  lines = createInterface({ input: service.stdout })[Symbol.asyncIterator]();
  await tell('start');
  await tell('start');
}, 60_000);

afterAll(async () => {
  const gone = once(service, 'exit');
  service.stdin.end();
  await gone;
});

/** Has the service do something, and returns what it printed before it was done. */
async function tell(command: string): Promise<string[]> {
  service.stdin.write(`${command}\n`);
  const printed: string[] = [];
  for (;;) {
    const next: IteratorResult<string, unknown> = await lines.next();
    if (next.done === true || next.value === 'done') return printed;
    printed.push(next.value);
  }
}

async function scrape(): Promise<Record<string, number>> {
  const [text = '""'] = await tell('scrape');
  return Object.fromEntries(
    parseText(JSON.parse(text) as string).map(({ name, labels, value }) => [
      [name, ...Object.values(labels)].join(' '),
      value,
    ]),
  );
}

// One service lives through all of this, since processes take long to start.
describe('processes of a cluster', () => {
  it('are added up, with the metrics of prom-client beside ours', async () => {
    await tell('count 0 1');
    await tell('count 1 5');
    expect(await scrape()).toMatchObject({
      'jobs_total mail': 6,
      foreign_total: 6,
      foreign_seconds_count: 2,
      foreign_seconds_sum: 6,
      hottest_celsius: 5,
      'metrics_workers answered': 2,
    });
  });

  it('answer for one that is stopped with what it told last, and say so', async () => {
    await tell('stop 1');
    await tell('count 0 1');
    expect(await scrape()).toMatchObject({
      'jobs_total mail': 7,
      'metrics_workers late': 1,
      metrics_worker_timeouts_total: 1,
    });
    await tell('continue 1');
    await tell('count 1 1');
    expect(await scrape()).toMatchObject({ 'jobs_total mail': 8, 'metrics_workers late': 0 });
  });

  it('keep in the sum what one had counted that is killed, and count on with its successor', async () => {
    await tell('kill 1');
    expect(await scrape()).toMatchObject({
      'jobs_total mail': 8,
      foreign_total: 8,
      foreign_seconds_count: 4,
      hottest_celsius: 1,
      metrics_worker_exits_total: 1,
    });
    await tell('start');
    await tell('count 2 2');
    expect(await scrape()).toMatchObject({ 'jobs_total mail': 10, foreign_total: 10 });
  });

  it('lose nothing of one that leaves in peace, and it may end', async () => {
    await tell('count 2 7');
    await tell('leave 2');
    expect(await scrape()).toMatchObject({ 'jobs_total mail': 17, 'metrics_workers answered': 1 });
  });
});
