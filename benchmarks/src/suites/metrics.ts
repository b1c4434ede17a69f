import { createMetrics, type Metrics } from '@holdfast/metrics';
import {
  AggregationTemporality,
  InMemoryMetricExporter,
  MeterProvider,
  PeriodicExportingMetricReader,
} from '@opentelemetry/sdk-metrics';
import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import type { Target } from '../harness/suite.ts';

const about = `One write to an instrument of three labels. A bound instrument has its labels already; a labelled one is
given them as an object, one of 100 combinations in turn: held objects, or with "fresh" a new one for each call whose
route is a new string, as a router makes them; making it is in the time of all. \`x\` says how many times quicker Holdfast is than the peer at
the same job. OpenTelemetry has no bound instruments: it is given an object that is held. Exemplars of prom-client are
left out, since they need OpenMetrics and labels with every call.`;

/** What this suite calls one of: both clients have the same interface. */
type Client = typeof promClient;

const LABELS = ['method', 'route', 'status'] as const;
const HELD = { method: 'GET', route: '/users/:id', status: '200' };
/** As in a service, equal values are the same strings: names of methods, templates of routes. */
const METHODS = ['GET', 'POST', 'PUT', 'DELETE'];
const ROUTES = Array.from({ length: 25 }, (_, index) => `/route/${index}`);
const COMBINATIONS = ROUTES.flatMap((route) =>
  METHODS.map((method) => ({ method, route, status: method === 'POST' ? '201' : '200' })),
);
const SECONDS = 0.042;
const SPAN = { trace_id: '0af7651916cd43dd8448eb211c80319c', span_id: 'b7ad6b7169203331' };

export const metrics = timingSuite('metrics', about, () => [
  field(),
  making(),
  ...ours(),
  ...peer('prom-client', promClient),
  // Its interface is prom-client's; its types are its own.
  ...peer('@prometheus-io/client', successor as unknown as Client),
  ...openTelemetry(),
]);

/** What making fresh labels costs alone. */
function making(): TimedCase {
  let made = 0;
  const op = inTurns(COMBINATIONS, (labels) => {
    if (fresh(labels).route !== '') made++;
  });
  return { name: 'making fresh labels', subject: 'platform', ending: 'returns', op, counted: () => made };
}

function field(): TimedCase {
  const counter = { value: 0 };
  return {
    name: 'value += 1',
    subject: 'platform',
    ending: 'returns',
    op: () => (counter.value += 1),
    counted: () => counter.value,
  };
}

/** Calls with one combination after another. */
function inTurns<T>(items: readonly T[], call: (item: T) => void): () => void {
  let next = 0;
  return () => {
    call(items[next] as T);
    next = next + 1 === items.length ? 0 : next + 1;
  };
}

const PREFIX = '/route/'.length;

/** Labels as they come with a request: a new object, and a string that no table of strings has seen. */
const fresh = (held: (typeof COMBINATIONS)[number]) => ({
  method: held.method,
  route: `/route/${held.route.slice(PREFIX)}`,
  status: held.status,
});

const sum = (values: readonly number[]) => values.reduce((total, value) => total + value, 0);

const atLeast = (times: number): Target => ({ atLeast: { 'x prom-client': times } });

function write(name: string, op: () => void, counted: () => number, target?: Target): TimedCase {
  const written = { name, subject: 'holdfast', ending: 'returns', job: name, op, counted } as const;
  return target === undefined ? written : { ...written, target };
}

function totalOf(made: Metrics, name: string): number {
  const found = made.snapshot().find((each) => each.name === name);
  return sum((found?.series ?? []).map((each) => ('count' in each ? each.count : each.value)));
}

function ours(): readonly TimedCase[] {
  const made = createMetrics();
  const options = { help: 'Of the benchmark', labels: LABELS };
  const held = made.counter({ name: 'held_total', ...options }).with('GET', '/users/:id', '200');
  const labelled = made.counter({ name: 'labelled_total', ...options });
  const renewed = made.counter({ name: 'renewed_total', ...options });
  const gauge = made.gauge({ name: 'level', ...options }).with('GET', '/users/:id', '200');
  const durations = made.histogram({ name: 'held_seconds', ...options }).with('GET', '/users/:id', '200');
  const traced = made
    .histogram({ name: 'traced_seconds', ...options, exemplar: () => SPAN })
    .with('GET', '/users/:id', '200');
  const spread = made.histogram({ name: 'labelled_seconds', ...options });
  const timed = made.histogram({ name: 'timed_seconds', ...options }).with('GET', '/users/:id', '200');
  const total = (name: string) => () => totalOf(made, name);
  return [
    write(
      'bound counter',
      () => held.inc(),
      () => held.value,
      atLeast(50),
    ),
    write(
      'labelled counter',
      inTurns(COMBINATIONS, (labels) => labelled.inc(labels)),
      total('labelled_total'),
      atLeast(5),
    ),
    write(
      'labelled counter, fresh',
      inTurns(COMBINATIONS, (labels) => renewed.inc(fresh(labels))),
      total('renewed_total'),
    ),
    write(
      'bound gauge, inc',
      () => gauge.inc(),
      () => gauge.value,
    ),
    write(
      'bound observe',
      () => durations.observe(SECONDS),
      () => durations.count,
      atLeast(50),
    ),
    write(
      'bound observe, exemplars',
      () => traced.observe(SECONDS),
      () => traced.count,
    ),
    write(
      'labelled observe',
      inTurns(COMBINATIONS, (labels) => spread.observe(labels, SECONDS)),
      total('labelled_seconds'),
    ),
    write(
      'bound timer',
      () => void timed.startTimer().stop(),
      () => timed.count,
    ),
  ];
}

function peer(subject: string, client: Client): readonly TimedCase[] {
  const registers = [new client.Registry()];
  const options = { help: 'Of the benchmark', labelNames: LABELS, registers };
  const counter = new client.Counter({ name: 'held_total', ...options });
  const held = counter.labels(HELD);
  const labelled = new client.Counter({ name: 'labelled_total', ...options });
  const renewed = new client.Counter({ name: 'renewed_total', ...options });
  const level = new client.Gauge({ name: 'level', ...options });
  const gauge = level.labels(HELD);
  const histogram = new client.Histogram({ name: 'held_seconds', ...options });
  const durations = histogram.labels(HELD);
  const spread = new client.Histogram({ name: 'labelled_seconds', ...options });
  const timed = new client.Histogram({ name: 'timed_seconds', ...options });
  const timer = timed.labels(HELD);
  const write = (name: string, op: () => void, metric: Readable): TimedCase => ({
    name,
    subject,
    ending: 'returns',
    job: name,
    op,
    counted: async () => {
      const { values } = await metric.get();
      const counts = values.filter(
        (each) => each.metricName === undefined || !/_(bucket|sum)$/.test(each.metricName),
      );
      return sum(counts.map(({ value }) => value));
    },
  });
  return [
    write('bound counter', () => held.inc(), counter),
    write(
      'labelled counter',
      inTurns(COMBINATIONS, (labels) => labelled.inc(labels)),
      labelled,
    ),
    write(
      'labelled counter, fresh',
      inTurns(COMBINATIONS, (labels) => renewed.inc(fresh(labels))),
      renewed,
    ),
    write('bound gauge, inc', () => gauge.inc(), level),
    write('bound observe', () => durations.observe(SECONDS), histogram),
    write(
      'labelled observe',
      inTurns(COMBINATIONS, (labels) => spread.observe(labels, SECONDS)),
      spread,
    ),
    write('bound timer', () => void timer.startTimer()(), timed),
  ];
}

interface Readable {
  get(): Promise<{ readonly values: readonly { readonly value: number; readonly metricName?: string }[] }>;
}

function openTelemetry(): readonly TimedCase[] {
  const exporter = new InMemoryMetricExporter(AggregationTemporality.CUMULATIVE);
  // It collects when it is asked; the interval is never reached.
  const reader = new PeriodicExportingMetricReader({ exporter, exportIntervalMillis: 3_600_000 });
  const meter = new MeterProvider({ readers: [reader] }).getMeter('benchmark');
  const held = meter.createCounter('held_total');
  const labelled = meter.createCounter('labelled_total');
  const renewed = meter.createCounter('renewed_total');
  const durations = meter.createHistogram('held_seconds');
  const spread = meter.createHistogram('labelled_seconds');
  const write = (name: string, metric: string, op: () => void): TimedCase => ({
    name,
    subject: '@opentelemetry/sdk-metrics',
    ending: 'returns',
    job: name,
    op,
    counted: async () => {
      const { resourceMetrics } = await reader.collect();
      const found = resourceMetrics.scopeMetrics
        .flatMap((scope) => scope.metrics)
        .find(({ descriptor }) => descriptor.name === metric);
      const values = (found?.dataPoints ?? []).map(({ value }) => value);
      return sum(values.map((value) => (typeof value === 'number' ? value : value.count)));
    },
  });
  return [
    write('bound counter', 'held_total', () => held.add(1, HELD)),
    write(
      'labelled counter',
      'labelled_total',
      inTurns(COMBINATIONS, (labels) => labelled.add(1, labels)),
    ),
    write(
      'labelled counter, fresh',
      'renewed_total',
      inTurns(COMBINATIONS, (labels) => renewed.add(1, fresh(labels))),
    ),
    write('bound observe', 'held_seconds', () => durations.record(SECONDS, HELD)),
    write(
      'labelled observe',
      'labelled_seconds',
      inTurns(COMBINATIONS, (labels) => spread.record(SECONDS, labels)),
    ),
  ];
}
