import { readFile } from 'node:fs/promises';
import path from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { ALL_DASHBOARDS } from '../../monitoring/dashboards/all-dashboards.ts';
import {
  hasAlertmanager,
  hasPrometheus,
  MONITORING,
  monitoringStack,
  type MonitoringStack,
} from './monitoring-stack.ts';

const expressions = ALL_DASHBOARDS.flatMap(({ title: page, rows }) =>
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
  let stack: MonitoringStack;

  /** The samples of an expression as soon as there are any: a scrape that a busy machine delays leaves a gap. */
  const samplesOf = (expression: string) =>
    vi.waitFor(
      async () => {
        const samples = await stack.query(expression);
        expect(samples, expression).not.toEqual([]);
        return samples;
      },
      { timeout: 60_000, interval: 100 },
    );

  beforeAll(async () => {
    stack = await monitoringStack();
    // Rates need two scrapes, and rules that read other rules come an evaluation later.
    await samplesOf('count_over_time(job:tokens_refused:ratio_rate5m[1m]) > 3');
  }, 60_000);

  afterAll(() => stack.close());

  it.each(expressions)('has data for $where: $legend', async ({ expression, legend }) => {
    const asked = expression.replaceAll('$job', 'holdfast').replaceAll('$__rate_interval', '1m');
    const samples = await samplesOf(asked);
    for (const [, label = ''] of legend.matchAll(/\{\{(\w+)\}\}/g)) {
      const labelled = samples.some(({ metric }) => metric[label] !== undefined);
      expect(labelled, `${asked} has no label ${label}`).toBe(true);
    }
  });

  it('has data for every recording rule', async () => {
    const rules = await readFile(path.join(MONITORING, 'rules/recording.yml'), 'utf8');
    const names = [...rules.matchAll(/- record: (\S+)/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(5);
    for (const name of names) await samplesOf(name);
  });

  it('evaluates every rule without an error', async () => {
    const { data } = await stack.get('rules');
    const { groups } = data as { groups: { rules: { name: string; health: string }[] }[] };
    const rules = groups.flatMap((group) => group.rules);
    expect(rules.length).toBeGreaterThan(20);
    expect(rules.filter(({ health }) => health !== 'ok')).toEqual([]);
  });

  it('tells by a label which metrics are of HTTP', async () => {
    await samplesOf('http_server_active_requests{metric_type="http"}');
    expect(await stack.query('nodejs_active_resources{metric_type!=""}')).toEqual([]);
  });

  /** The notification of an alert, once it has reached the webhook. */
  const notificationOf = (alert: string) =>
    vi.waitFor(
      () => {
        const found = stack.notified.find(({ labels }) => labels['alertname'] === alert);
        expect(found, alert).toBeDefined();
        return found;
      },
      { timeout: 60_000, interval: 100 },
    );

  it.skipIf(!hasAlertmanager).each([
    ['CircuitOpen', { name: 'flaky' }, /^The circuit to flaky is open on 127\.0\.0\.1:\d+$/],
    ['NotReady', { job: 'holdfast' }, /^127\.0\.0\.1:\d+ of holdfast is not ready$/],
    ['AuditLogFails', { log: 'side' }, /^The audit log side of 127\.0\.0\.1:\d+ cannot be written$/],
  ])('has %s told to a webhook through the Alertmanager', async (alert, labels, summary) => {
    const told = await notificationOf(alert);
    expect(told).toMatchObject({ status: 'firing', labels: { ...labels, severity: 'critical' } });
    expect(told?.annotations['summary']).toMatch(summary);
  });

  it.skipIf(!hasAlertmanager)('has only those told that hold', async () => {
    await notificationOf('HealthCheckDown');
    const down = stack.notified.filter(({ labels }) => labels['alertname'] === 'HealthCheckDown');
    expect(new Set(down.map(({ labels }) => labels['check']))).toEqual(new Set(['queue']));
    expect(stack.notified.map(({ labels }) => labels['alertname'])).not.toContain('AuditEntriesDropped');
  });
});
