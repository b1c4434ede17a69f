import { spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { freePort } from '../../../../scripts/services/free-port.ts';

export const hasPrometheus = spawnSync('prometheus', ['--version']).error === undefined;
if (!hasPrometheus) console.log('skipped: prometheus is not installed, so nothing scrapes the quickstart');

/** One number that Prometheus answers with. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [atSeconds: number, value: string];
}

/** A real Prometheus. */
export interface Prometheus {
  /** The result of an expression, without what Grafana would not draw. Fails while it is still starting. */
  query(expression: string): Promise<readonly Sample[]>;
  close(): Promise<void>;
}

const MONITORING = path.join(import.meta.dirname, '../../../../packages/metrics/monitoring');

async function replace(file: string, ...changes: readonly [RegExp, string][]): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text),
  );
}

/** Starts Prometheus with the configuration that is shipped, at a quicker pace, to scrape one service. */
export async function startPrometheus(service: URL): Promise<Prometheus> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-quickstart-'));
  await cp(MONITORING, folder, { recursive: true });
  const port = await freePort();
  const config = path.join(folder, 'prometheus.yml');
  await replace(config, [/: \d+[smh]$/gm, ': 1s'], [/localhost:9090/g, `127.0.0.1:${port}`]);
  await replace(path.join(folder, 'targets/services.yml'), [/localhost:\d+/g, service.host]);
  const flags = [
    `--config.file=${config}`,
    `--storage.tsdb.path=${folder}/data`,
    `--web.listen-address=127.0.0.1:${port}`,
  ];
  const child = spawn('prometheus', flags, { stdio: 'ignore' });
  const ended = once(child, 'exit');
  return {
    query: async (expression) => {
      const url = `http://127.0.0.1:${port}/api/v1/query?query=${encodeURIComponent(expression)}`;
      const { data, error } = (await (await fetch(url)).json()) as {
        data?: { result: readonly Sample[] };
        error?: string;
      };
      if (data === undefined) throw new Error(`${expression}: ${error}`);
      return data.result.filter(({ value }) => Number.isFinite(Number(value[1])));
    },
    close: async () => {
      child.kill();
      await ended;
      await rm(folder, { recursive: true });
    },
  };
}
