import { spawn, spawnSync } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer as createHttpServer } from 'node:http';
import { createServer, type AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { json } from 'node:stream/consumers';
import { listen } from '../http/frameworks.ts';
import { everyMetric } from './every-metric.ts';

/** Where what is shipped is. */
export const MONITORING = path.join(import.meta.dirname, '../../monitoring');

const isInstalled = (program: string) => spawnSync(program, ['--version']).error === undefined;
export const hasPrometheus = isInstalled('prometheus');
export const hasAlertmanager = isInstalled('prometheus-alertmanager');
if (!hasPrometheus)
  console.log('skipped: prometheus is not installed, so no dashboard is tried on real data');
if (!hasAlertmanager)
  console.log('skipped: prometheus-alertmanager is not installed, so no alert is delivered');

/** One number that Prometheus answers with. */
export interface Sample {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [atSeconds: number, value: string];
}

/** An alert as it reaches a webhook. */
export interface Notification {
  readonly status: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Everything that is shipped, at work. */
export interface MonitoringStack {
  /** What the webhook has been sent. */
  readonly notified: readonly Notification[];
  /** What Prometheus answers; fails while it is still starting. */
  get(route: string): Promise<{ readonly data?: unknown; readonly error?: string }>;
  /** The result of an expression, without the samples that Grafana would not draw. */
  query(expression: string): Promise<readonly Sample[]>;
  close(): Promise<void>;
}

async function freePort(): Promise<number> {
  const socket = createServer();
  await new Promise<void>((resolve) => socket.listen(0, '127.0.0.1', resolve));
  const { port } = socket.address() as AddressInfo;
  await new Promise((resolve) => socket.close(resolve));
  return port;
}

/** Runs a program; the function that is returned ends it. */
function run(program: string, flags: readonly string[]): () => Promise<void> {
  const child = spawn(program, flags, { stdio: 'ignore' });
  const ended = new Promise<void>((resolve) => child.once('exit', () => resolve()));
  return () => {
    child.kill();
    return ended;
  };
}

async function replace(file: string, ...changes: readonly [RegExp | string, string][]): Promise<void> {
  const text = await readFile(file, 'utf8');
  await writeFile(
    file,
    changes.reduce((changed, [from, to]) => changed.replaceAll(from, to), text),
  );
}

/** A server that keeps the alerts it is sent. */
async function webhook(notified: Notification[]) {
  return listen(
    createHttpServer((request, response) => {
      void json(request).then((body) => {
        notified.push(...(body as { alerts: Notification[] }).alerts);
        response.end();
      });
    }),
  );
}

/** Starts what is shipped on free ports, at a quicker pace, beside a service that has every metric. */
export async function monitoringStack(): Promise<MonitoringStack> {
  const folder = await mkdtemp(path.join(tmpdir(), 'holdfast-monitoring-'));
  const file = (name: string) => path.join(folder, name);
  await cp(MONITORING, folder, { recursive: true });
  const notified: Notification[] = [];
  const [service, receiver] = await Promise.all([everyMetric(), webhook(notified)]);
  const [port, alertPort] = [await freePort(), await freePort()];
  const pace = [/: \d+[smh]$/gm, ': 500ms'] as const;
  await writeFile(file('targets/services.yml'), `- targets: ['${new URL(service.url).host}']\n`);
  await replace(file('prometheus.yml'), [...pace], ['localhost:9093', `127.0.0.1:${alertPort}`]);
  await replace(file('rules/alerts.yml'), [/for: \d+[smh]$/gm, 'for: 0s']);
  await replace(file('alertmanager.yml'), [...pace], ['http://localhost:9094', receiver.url]);

  const programs = [
    run('prometheus', [
      `--config.file=${file('prometheus.yml')}`,
      `--storage.tsdb.path=${file('data')}`,
      '--storage.tsdb.retention.time=15d',
      '--storage.tsdb.retention.size=10GB',
      '--enable-feature=exemplar-storage',
      `--web.listen-address=127.0.0.1:${port}`,
    ]),
  ];
  if (hasAlertmanager) {
    programs.push(
      run('prometheus-alertmanager', [
        `--config.file=${file('alertmanager.yml')}`,
        `--storage.path=${file('alerts')}`,
        `--web.listen-address=127.0.0.1:${alertPort}`,
        '--cluster.listen-address=',
      ]),
    );
  }
  const get: MonitoringStack['get'] = async (route) =>
    (await (await fetch(`http://127.0.0.1:${port}/api/v1/${route}`)).json()) as object;
  return {
    notified,
    get,
    query: async (expression) => {
      const { data, error } = await get(`query?query=${encodeURIComponent(expression)}`);
      if (data === undefined) throw new Error(`${expression}: ${error}`);
      const { result } = data as { result: readonly Sample[] };
      return result.filter(({ value }) => Number.isFinite(Number(value[1])));
    },
    close: async () => {
      await Promise.all([...programs.map((end) => end()), service.close(), receiver.close()]);
      await rm(folder, { recursive: true });
    },
  };
}
