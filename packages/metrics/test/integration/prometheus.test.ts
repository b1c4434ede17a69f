import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { createServer as createSocket, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createMetrics, metricsEndpoint } from '../../src/index.ts';
import { listen, type Running } from '../http/frameworks.ts';

const hasPrometheus = spawnSync('prometheus', ['--version']).error === undefined;
if (!hasPrometheus) console.log('skipped: prometheus is not installed, so nothing scrapes for real');

interface Answer {
  readonly data: {
    readonly result: readonly { readonly metric: Record<string, string>; readonly value: [number, string] }[];
  };
}

async function freePort(): Promise<number> {
  const socket = createSocket();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

describe.skipIf(!hasPrometheus)('a real Prometheus', () => {
  const metrics = createMetrics({ seriesLimit: 100 });
  const nasty = ['"quoted"', 'back\\slash', 'new\nline', '__proto__', 'a,b="c"}', '|', 'ünï😀'];
  const accepted: (string | undefined)[] = [];
  let folder: string;
  let target: Running;
  let url: string;
  let prometheus: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-prometheus-'));
    const endpoint = metricsEndpoint(metrics);
    target = await listen(
      createServer((request, response) => {
        accepted.push(request.headers.accept);
        endpoint.handle(request, response);
      }),
    );
    const job = `  - job_name: holdfast\n    static_configs: [{ targets: ['${new URL(target.url).host}'] }]\n`;
    const config = path.join(folder, 'prometheus.yml');
    await writeFile(
      config,
      `global: { scrape_interval: 200ms, scrape_timeout: 200ms }\nscrape_configs:\n${job}`,
    );
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const flags = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    prometheus = spawn('prometheus', flags, { stdio: 'ignore' });
  });

  afterAll(async () => {
    const ended = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill();
    await Promise.all([ended, target.close()]);
    await rm(folder, { recursive: true });
  });

  async function query(expression: string): Promise<Answer['data']['result']> {
    try {
      const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`);
      return ((await response.json()) as Answer).data.result;
    } catch {
      return []; // it is still starting
    }
  }

  it('reads every label value as it was given, and every number', async () => {
    const counter = metrics.counter({ name: 'nasty_total', help: 'Nasty', labels: ['value'] });
    nasty.forEach((value, index) => counter.inc({ value }, index + 1));
    const histogram = metrics.histogram({ name: 'wait_seconds', help: 'Waits', buckets: [1, 2] });
    for (const value of [0.5, 1.5, 1.5, 9]) histogram.observe(value);
    await expect.poll(() => query('nasty_total'), { timeout: 60_000 }).toHaveLength(nasty.length);
    const read = (await query('nasty_total')).map(({ metric, value }) => [metric['value'], Number(value[1])]);
    expect(new Map(read as [string, number][])).toEqual(
      new Map(nasty.map((value, index) => [value, index + 1])),
    );
    expect((await query('histogram_quantile(0.5, wait_seconds_bucket)'))[0]?.value[1]).toBe('1.5');
    expect((await query('up'))[0]?.value[1]).toBe('1');
    expect(accepted[0]).toContain('application/openmetrics-text');
  }, 90_000);
});
