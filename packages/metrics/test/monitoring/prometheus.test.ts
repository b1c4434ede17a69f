import { spawn, spawnSync, type ChildProcess } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALL_DASHBOARDS } from '../../monitoring/dashboards/all-dashboards.ts';
import type { Running } from '../http/frameworks.ts';
import { everyMetric } from './every-metric.ts';

const monitoring = path.join(import.meta.dirname, '../../monitoring');
const hasPrometheus = spawnSync('prometheus', ['--version']).error === undefined;
if (!hasPrometheus)
  console.log('skipped: prometheus is not installed, so no dashboard is tried on real data');

interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [atSeconds: number, value: string];
}

async function freePort(): Promise<number> {
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

const panels = ALL_DASHBOARDS.flatMap(({ title: page, rows }) =>
  rows.flatMap((row) =>
    row.panels.flatMap(({ title, queries }) =>
      queries.map(({ expression, legend }) => ({
        where: `${page} / ${row.title} / ${title}`,
        expression,
        legend,
      })),
    ),
  ),
);

describe.skipIf(!hasPrometheus)('a real Prometheus with the configuration as it is shipped', () => {
  let folder: string;
  let service: Running;
  let url: string;
  let prometheus: ChildProcess;

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-monitoring-'));
    await cp(monitoring, folder, { recursive: true });
    service = await everyMetric();
    const target = new URL(service.url).host;
    await writeFile(path.join(folder, 'targets/services.yml'), `- targets: ['${target}']\n`);
    // Nothing but the pace is another: nobody waits for 15 seconds here.
    const config = path.join(folder, 'prometheus.yml');
    await writeFile(config, (await readFile(config, 'utf8')).replaceAll(/: \d+s$/gm, ': 500ms'));
    const port = await freePort();
    url = `http://127.0.0.1:${port}`;
    const flags = [
      `--config.file=${config}`,
      `--storage.tsdb.path=${folder}/data`,
      '--storage.tsdb.retention.time=15d',
      '--storage.tsdb.retention.size=10GB',
      '--enable-feature=exemplar-storage',
      `--web.listen-address=127.0.0.1:${port}`,
    ];
    prometheus = spawn('prometheus', flags, { stdio: 'ignore' });
    // Rates need two scrapes, and rules that read other rules come an evaluation later.
    await vi.waitFor(
      async () =>
        expect(await query('count_over_time(job:tokens_refused:ratio_rate5m[1m]) > 3')).not.toEqual([]),
      { timeout: 60_000, interval: 100 },
    );
  }, 60_000);

  afterAll(async () => {
    const ended = new Promise((resolve) => prometheus.once('exit', resolve));
    prometheus.kill();
    await Promise.all([ended, service.close()]);
    await rm(folder, { recursive: true });
  });

  /** The answer of Prometheus, without the samples that Grafana would not draw. */
  async function query(expression: string): Promise<readonly Sample[]> {
    const response = await fetch(`${url}/api/v1/query?query=${encodeURIComponent(expression)}`).catch(
      () => undefined,
    );
    if (response === undefined) return []; // it is still starting
    const { data, error } = (await response.json()) as {
      data?: { result: readonly Sample[] };
      error?: string;
    };
    if (data === undefined) throw new Error(`${expression}: ${error}`);
    return data.result.filter(({ value }) => Number.isFinite(Number(value[1])));
  }

  it.each(panels)('has data for $where: $legend', async ({ expression, legend }) => {
    const asked = expression.replaceAll('$job', 'holdfast').replaceAll('$__rate_interval', '1m');
    const samples = await query(asked);
    expect(samples, asked).not.toEqual([]);
    for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
      expect(
        samples.some(({ metric }) => metric[label] !== undefined),
        `${asked} has no label ${label}`,
      ).toBe(true);
    }
  });

  it('has data for every recording rule', async () => {
    const rules = await readFile(path.join(monitoring, 'rules/recording.yml'), 'utf8');
    const names = [...rules.matchAll(/- record: (\S+)/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) expect(await query(name), name).not.toEqual([]);
  });

  it('evaluates every rule without an error', async () => {
    const response = await fetch(`${url}/api/v1/rules`);
    const { data } = (await response.json()) as {
      data: { groups: { rules: { name: string; health: string; lastError?: string }[] }[] };
    };
    const rules = data.groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('tells by a label which metrics are of HTTP', async () => {
    expect(await query('http_server_active_requests{metric_type="http"}')).not.toEqual([]);
    expect(await query('nodejs_active_resources{metric_type!=""}')).toEqual([]);
  });
});
