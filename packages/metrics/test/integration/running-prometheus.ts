import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../../../scripts/services/free-port.ts';
import { metricsEndpoint, type Metrics } from '../../src/index.ts';
import { listen } from '../http/frameworks.ts';

/** Whether Prometheus is installed; `apt-get install prometheus` brings it. */
export const hasPrometheus = spawnSync('prometheus', ['--version']).error === undefined;

if (!hasPrometheus) console.log('skipped: prometheus is not installed, so nothing scrapes for real');

/** A series as Prometheus answers a query. */
export interface QueriedSeries {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [number, string];
}

/** A Prometheus that scrapes some metrics five times a second. */
export interface RunningPrometheus {
  /** The Accept headers that it sent. */
  readonly accepted: readonly (string | undefined)[];
  /** Asks its API; nothing while it is starting. */
  ask(route: string, parameters: Readonly<Record<string, string>>): Promise<unknown>;
  /** Evaluates an expression. */
  query(expression: string): Promise<readonly QueriedSeries[]>;
  /** The number that an expression without labels comes to. */
  number(expression: string): Promise<number | undefined>;
  close(): Promise<void>;
}

/** Starts a Prometheus of its own folder and ports. */
export async function startPrometheus(
  metrics: Metrics,
  flags: readonly string[] = [],
): Promise<RunningPrometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-prometheus-'));
  const endpoint = metricsEndpoint(metrics);
  const accepted: (string | undefined)[] = [];
  const target = await listen(
    createServer((request, response) => {
      accepted.push(request.headers.accept);
      endpoint.handle(request, response);
    }),
  );
  const url = `http://127.0.0.1:${await freePort()}`;
  const config = path.join(folder, 'prometheus.yml');
  const job = `  - job_name: holdfast\n    static_configs: [{ targets: ['${new URL(target.url).host}'] }]\n`;
  await writeFile(
    config,
    `global: { scrape_interval: 200ms, scrape_timeout: 200ms }\nscrape_configs:\n${job}`,
  );
  const own = [`--config.file=${config}`, `--storage.tsdb.path=${folder}/data`];
  const server = spawn('prometheus', [...own, `--web.listen-address=${new URL(url).host}`, ...flags], {
    stdio: 'ignore',
  });
  const ask = async (route: string, parameters: Readonly<Record<string, string>>) => {
    try {
      const response = await fetch(`${url}/api/v1/${route}?${new URLSearchParams(parameters)}`);
      return ((await response.json()) as { readonly data?: unknown }).data;
    } catch {
      return undefined;
    }
  };
  const query = async (expression: string) => {
    const data = (await ask('query', { query: expression })) as
      { readonly result: QueriedSeries[] } | undefined;
    return data?.result ?? [];
  };
  return {
    accepted,
    ask,
    query,
    async number(expression) {
      const [series] = await query(expression);
      return series && Number(series.value[1]);
    },
    async close() {
      const ended = once(server, 'exit');
      server.kill();
      await Promise.all([ended, target.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
