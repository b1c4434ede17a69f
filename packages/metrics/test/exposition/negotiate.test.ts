import { test as property, fc } from '@fast-check/vitest';
import { describe, expect, it } from 'vitest';
import { negotiate } from '../../src/exposition/negotiate.ts';
import { PROTOBUF } from '../../src/exposition/protobuf/protobuf-format.ts';
import { OPEN_METRICS, PROMETHEUS_TEXT } from '../../src/exposition/text-format.ts';

const PROMETHEUS_2 =
  'application/openmetrics-text;version=1.0.0,application/openmetrics-text;version=0.0.1;q=0.75,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';

const PROTOBUF_2 =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited,application/openmetrics-text;version=1.0.0;q=0.8,text/plain;version=0.0.4;q=0.5,*/*;q=0.1';
const PROTOBUF_3 =
  'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.6,application/openmetrics-text;version=1.0.0;escaping=allow-utf-8;q=0.5,text/plain;version=1.0.0;escaping=allow-utf-8;q=0.4,*/*;q=0.1';

describe('negotiation', () => {
  it.each([
    ['what Prometheus 2 sends', PROMETHEUS_2, OPEN_METRICS],
    ['Prometheus 2 with native histograms', PROTOBUF_2, PROTOBUF],
    ['Prometheus 3 with native histograms', PROTOBUF_3, PROTOBUF],
    [
      'protobuf liked less',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited;q=0.3,text/plain;q=0.7',
      PROMETHEUS_TEXT,
    ],
    ['protobuf of something else', 'application/vnd.google.protobuf;encoding=delimited', PROMETHEUS_TEXT],
    [
      'protobuf in another encoding',
      'application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=text',
      PROMETHEUS_TEXT,
    ],
    ['nothing', undefined, PROMETHEUS_TEXT],
    ['an empty header', '', PROMETHEUS_TEXT],
    ['anything', '*/*', PROMETHEUS_TEXT],
    ['a browser', 'text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8', PROMETHEUS_TEXT],
    ['only what we do not have', 'application/json', PROMETHEUS_TEXT],
    ['OpenMetrics of another version', 'application/openmetrics-text;version=2.0.0', PROMETHEUS_TEXT],
    ['OpenMetrics in capitals and quotes', 'Application/OpenMetrics-Text; Version="1.0.0"', OPEN_METRICS],
    [
      'OpenMetrics liked less',
      'application/openmetrics-text;version=1.0.0;q=0.4,text/plain',
      PROMETHEUS_TEXT,
    ],
    [
      'OpenMetrics liked more',
      'text/plain;q=0.4,application/openmetrics-text;version=1.0.0;q=0.5',
      OPEN_METRICS,
    ],
    ['OpenMetrics refused', 'application/openmetrics-text;version=1.0.0;q=0', PROMETHEUS_TEXT],
    ['a broken quality', 'application/openmetrics-text;version=1.0.0;q=x', PROMETHEUS_TEXT],
    ['a quality above 1', 'application/openmetrics-text;version=1.0.0;q=7', PROMETHEUS_TEXT],
    ['equal qualities', 'application/openmetrics-text;version=1.0.0,text/plain', OPEN_METRICS],
  ])('answers %s', (_, accept, format) => {
    expect(negotiate(accept)).toBe(format);
  });

  property.prop([fc.string({ maxLength: 80 })])('answers whatever is asked', (accept) => {
    expect([PROMETHEUS_TEXT, OPEN_METRICS, PROTOBUF]).toContain(negotiate(accept));
  });

  const KNOWN = [
    ['application/openmetrics-text;version=1.0.0', OPEN_METRICS],
    ['text/plain;version=0.0.4', PROMETHEUS_TEXT],
    ['application/vnd.google.protobuf;proto=io.prometheus.client.MetricFamily;encoding=delimited', PROTOBUF],
  ] as const;

  property.prop([
    fc.uniqueArray(fc.tuple(fc.constantFrom(...KNOWN), fc.integer({ min: 1, max: 1_000 })), {
      minLength: 1,
      selector: ([, quality]) => quality,
    }),
  ])('answers with the best of what is liked, in whichever order', (liked) => {
    const accept = liked
      .map(([[media], quality]) => `${media};q=${(quality / 1_000).toFixed(3)}`)
      .join(' , ');
    const [best] = [...liked].sort(([, one], [, other]) => other - one);
    expect(negotiate(accept)).toBe(best?.[0][1]);
  });

  property.prop([fc.constantFrom(...KNOWN)])('never answers with what is refused', ([media, format]) => {
    fc.pre(format !== PROMETHEUS_TEXT);
    expect(negotiate(`${media};q=0,*/*;q=0.1`)).toBe(PROMETHEUS_TEXT);
    expect(negotiate(`${media};q=0.0`)).toBe(PROMETHEUS_TEXT);
  });
});
