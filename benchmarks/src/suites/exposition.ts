import { gzip } from 'node:zlib';
import { promisify } from 'node:util';
import { createMetrics, metricsEndpoint } from '@holdfast/metrics';
import * as successor from '@prometheus-io/client';
import * as promClient from 'prom-client';
import { median } from '../harness/statistics.ts';
import type { Target } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { SERIES } from './series.ts';

const about = `A scrape of 10,000 counters, of 770 histograms of 11 buckets, which make about 10,000 lines, and of 10,000
histograms, 140,000 lines, as text only. \`longest stall ms\` is how long other work waits at most during a scrape, the median of 9; it ends
where the body is whole. The peers have no protobuf. With gzip, Holdfast's endpoint compresses in a thread of Node's, as
do the peers' bodies here.`;

const OPEN_METRICS = 'application/openmetrics-text;version=1.0.0';
const PROTOBUF = 'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited';
const BUCKETS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const STALLS = 9;
const zip = promisify(gzip);
const labels = ['route', 'tenant'] as const;
const help = 'Of the benchmark';

type Client = typeof promClient;
type Kind = keyof typeof KINDS;

/** How many series of each kind, and what they are called in a table. */
const KINDS = { counters: 10_000, histograms: 770, 'many histograms': 10_000 } as const;
const NAMES: Readonly<Record<Kind, string>> = {
  counters: '10,000 counters',
  histograms: '770 histograms',
  'many histograms': '10,000 histograms',
};

export const exposition = timingSuite('exposition', about, () => [
  join(),
  ...kinds().flatMap((kind) => [
    ...formatsOf(kind, ours(kind)),
    ...formatsOf(kind, peer('prom-client', promClient, kind)),
    ...formatsOf(kind, peer('@prometheus-io/client', successor as unknown as Client, kind)),
  ]),
]);

const kinds = () => Object.keys(KINDS) as Kind[];

/** A scrape of so many takes so long that there is time for one format only. */
const formatsOf = (kind: Kind, formats: readonly ScrapeCase[]) =>
  kind === 'many histograms' ? formats.filter(({ name }) => /text$|protobuf$/.test(name)) : formats;

/** What writing 10,000 lines costs when everything is known already. */
function join(): TimedCase {
  const lines = SERIES.map(({ route, tenant }) => `filled_total{route="${route}",tenant="${tenant}"} `);
  const op = () => {
    let text = '';
    for (let index = 0; index < lines.length; index++) text += `${lines[index] ?? ''}${index}\n`;
    return Promise.resolve(Buffer.from(text));
  };
  return { name: '10,000 lines, joined', subject: 'platform', op, countsBytes: false };
}

type Scrape = () => Promise<Uint8Array>;

/** A case whose answer can be looked at. */
export interface ScrapeCase extends TimedCase {
  readonly scrape: Scrape;
  /** How many samples it must have. */
  readonly lines: number;
}

function ours(kind: Kind): readonly ScrapeCase[] {
  const metrics = createMetrics({ seriesLimit: Infinity });
  const series = SERIES.slice(0, KINDS[kind]);
  if (kind === 'counters') {
    const counter = metrics.counter({ name: 'filled_total', help, labels });
    for (const each of series) counter.inc(each);
  } else {
    const histogram = metrics.histogram({ name: 'filled_seconds', help, labels, buckets: BUCKETS });
    for (const each of series) histogram.observe(each, 0.042);
  }
  const endpoint = metricsEndpoint(metrics);
  const zipped = new Request('http://localhost/metrics', { headers: { 'accept-encoding': 'gzip' } });
  const scrape = (accept?: string) => async () => (await metrics.expose(accept)).body;
  const limits = { atMost: { 'longest stall ms': 5 } };
  return [
    scrapeCase('holdfast', kind, 'text', scrape(), { ...limits, atLeast: { 'x prom-client': 8 } }),
    scrapeCase('holdfast', kind, 'OpenMetrics', scrape(OPEN_METRICS), {
      ...limits,
      atLeast: { 'x prom-client': 8 },
    }),
    scrapeCase('holdfast', kind, 'protobuf', scrape(PROTOBUF), limits),
    scrapeCase('holdfast', kind, 'text, gzip', async () => (await endpoint.fetch(zipped)).bytes(), limits),
  ];
}

function peer(subject: string, client: Client, kind: Kind): readonly ScrapeCase[] {
  const registry = new client.Registry();
  const open = new client.Registry<promClient.OpenMetricsContentType>();
  open.setContentType(client.Registry.OPENMETRICS_CONTENT_TYPE);
  const options = { help, labelNames: labels, registers: [registry, open as unknown as promClient.Registry] };
  const series = SERIES.slice(0, KINDS[kind]);
  if (kind === 'counters') {
    const counter = new client.Counter({ name: 'filled_total', ...options });
    for (const each of series) counter.inc(each);
  } else {
    const histogram = new client.Histogram({ name: 'filled_seconds', ...options, buckets: BUCKETS });
    for (const each of series) histogram.observe(each, 0.042);
  }
  return [
    scrapeCase(subject, kind, 'text', async () => Buffer.from(await registry.metrics())),
    scrapeCase(subject, kind, 'OpenMetrics', async () => Buffer.from(await open.metrics())),
    scrapeCase(subject, kind, 'text, gzip', async () => await zip(await registry.metrics())),
  ];
}

function scrapeCase(subject: string, kind: Kind, format: string, op: Scrape, target?: Target): ScrapeCase {
  const name = `${NAMES[kind]}, ${format}`;
  return {
    name,
    subject,
    job: name,
    op: async () => await op(),
    scrape: op,
    lines: KINDS[kind] * (kind === 'counters' ? 1 : BUCKETS.length + 3),
    countsBytes: false,
    figures: () => longestStall(op),
    ...(target === undefined ? {} : { target }),
  };
}

/** How long the event loop stands still at most during a scrape. */
async function longestStall(scrape: Scrape) {
  const found: number[] = [];
  while (found.length < STALLS) {
    await new Promise(setImmediate);
    let longest = 0;
    let running = true;
    let last = performance.now();
    const turn = () => {
      const now = performance.now();
      longest = Math.max(longest, now - last);
      last = now;
      if (running) setImmediate(turn);
    };
    setImmediate(turn);
    await scrape();
    running = false;
    await new Promise(setImmediate);
    found.push(longest);
  }
  return { 'longest stall ms': Math.round(median(found) * 100) / 100 };
}
