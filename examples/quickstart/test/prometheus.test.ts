import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALL_DASHBOARDS } from '../../../packages/metrics/monitoring/dashboards/all-dashboards.ts';
import { hasPrometheus, startPrometheus, type Prometheus } from './support/prometheus.ts';
import { launch, urlOf, type Running } from './support/process.ts';

/** What the quickstart has nothing to show for. Everything else that a dashboard shows must have data. */
const NOT_HERE = [
  /^Agents \//, // it speaks HTTP only
  /^Dependencies \//, // no database, cache or queue
  /^Tokens \//, // it issues none
  /^Audit \/ Beyond the log \/ Sinks/, // what it writes down stays where it is
  /^Limits \/ (?!Room \/ Budgets$)/, // nothing limits its calls but the budget of its retries, and no faults are injected
  /^Strategies \/ Retries and hedges \/ Hedges$/, // it hedges nothing
  /^Strategies \/ (Fallbacks|Caches and batches) \//, // each in a scenario of its own
  /^Outbound \//, // it passes requests on without a guarded fetch or a provider
  /^Processes \/ Handles and series \/ Dropped series$/, // nothing has too many
];

const panels = ALL_DASHBOARDS.flatMap(({ title: page, rows }) =>
  rows.flatMap((row) =>
    row.panels.map(({ title, queries }) => ({ where: `${page} / ${row.title} / ${title}`, queries })),
  ),
);
const concerned = panels
  .filter(({ where }) => NOT_HERE.every((each) => !each.test(where)))
  .flatMap(({ where, queries }) => queries.map((query) => ({ where, ...query })));

describe.skipIf(!hasPrometheus)('a real Prometheus that scrapes the quickstart', () => {
  let quickstart: Running;
  let prometheus: Prometheus;
  let folder: string;

  /** The samples of an expression as soon as there are any. */
  const samplesOf = (expression: string) =>
    vi.waitFor(
      async () => {
        const samples = await prometheus.query(expression);
        expect(samples, expression).not.toEqual([]);
        return samples;
      },
      { timeout: 60_000, interval: 100 },
    );

  beforeAll(async () => {
    folder = await mkdtemp(path.join(tmpdir(), 'holdfast-quickstart-'));
    const audit = path.join(folder, 'audit');
    quickstart = launch('--port', '0', '--speed', '10', '--drain', '0', '--audit', audit);
    prometheus = await startPrometheus(await urlOf(quickstart));
    // A rate needs two scrapes.
    await samplesOf('rate(resilience_circuit_openings_total[1m]) > 0');
  }, 90_000);

  afterAll(async () => {
    quickstart.child.kill('SIGTERM');
    expect(await quickstart.ended).toBe(0);
    await prometheus.close();
    await rm(folder, { recursive: true, force: true });
  });

  it('finds it up', async () => {
    const [up] = await samplesOf('up{service="quickstart"}');
    expect(up).toMatchObject({ metric: { job: 'holdfast' }, value: [expect.any(Number), '1'] });
  });

  it.each([
    ['opens', 'max_over_time(resilience_circuit_state{name="upstream", state="open"}[1m]) == 1'],
    ['closes again', 'resilience_circuit_transitions_total{name="upstream", to="closed"} > 0'],
    ['rejects', 'resilience_circuit_calls_total{name="upstream", outcome="rejected"} > 0'],
    [
      'answers 503 meanwhile',
      'http_server_request_duration_seconds_count{http_route="/orders", http_response_status_code="503"} > 0',
    ],
  ])('sees how its circuit %s', async (_, expression) => {
    expect(await samplesOf(expression)).not.toEqual([]);
  });

  it.each(concerned)('has data for $where: $legend', async ({ expression, legend }) => {
    const asked = expression.replaceAll('$job', 'holdfast').replaceAll('$__rate_interval', '1m');
    const samples = await samplesOf(asked);
    for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
      const labelled = samples.some(({ metric }) => metric[label] !== undefined);
      expect(labelled, `${asked} has no label ${label}`).toBe(true);
    }
  });

  it('leaves out no panel without need', async () => {
    const exempt = panels.filter(({ where }) => NOT_HERE.some((each) => each.test(where)));
    for (const { where, queries } of exempt) {
      for (const { expression } of queries) {
        const asked = expression.replaceAll('$job', 'holdfast').replaceAll('$__rate_interval', '1m');
        expect(await prometheus.query(asked), where).toEqual([]);
      }
    }
  });
});
