import type { Format } from './format.ts';
import { PROTOBUF } from './protobuf/protobuf-format.ts';
import { OPEN_METRICS, PROMETHEUS_TEXT } from './text-format.ts';

/**
 * Picks the format that a scraper likes best: the highest `q`, the first one where several have it, and the Prometheus
 * text format where it names none that we know.
 *
 * See https://prometheus.io/docs/instrumenting/content_negotiation/.
 */
export function negotiate(accept = ''): Format {
  let best = PROMETHEUS_TEXT;
  let bestQuality = 0;
  for (const range of accept.split(',')) {
    const [media = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = formatOf(media, parameters);
    const quality = Number(valueOf(parameters, 'q') ?? 1);
    if (format === undefined || !(quality > bestQuality && quality <= 1)) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}

function formatOf(media: string, parameters: readonly string[]): Format | undefined {
  const is = (name: string, ...values: readonly (string | undefined)[]) =>
    values.includes(valueOf(parameters, name));
  switch (media) {
    case 'application/vnd.google.protobuf':
      return is('proto', 'io.prometheus.client.metricfamily') && is('encoding', 'delimited')
        ? PROTOBUF
        : undefined;
    case 'application/openmetrics-text':
      return is('version', '1.0.0') ? OPEN_METRICS : undefined;
    case 'text/plain':
      return is('version', undefined, '0.0.4') ? PROMETHEUS_TEXT : undefined;
    case '*/*':
    case 'text/*':
      return PROMETHEUS_TEXT;
    default:
      return undefined;
  }
}

function valueOf(parameters: readonly string[], name: string): string | undefined {
  const parameter = parameters.find((each) => each.startsWith(`${name}=`));
  return parameter?.slice(name.length + 1).replaceAll('"', '');
}
