import { OPEN_METRICS, PROMETHEUS_TEXT, type TextFormat } from './text-format.ts';

/**
 * Picks the format that a scraper likes best: the highest `q`, the first one where several have it, and the Prometheus
 * text format where it names none that we know.
 *
 * See https://prometheus.io/docs/instrumenting/content_negotiation/.
 */
export function negotiate(accept = ''): TextFormat {
  let best = PROMETHEUS_TEXT;
  let bestQuality = 0;
  for (const range of accept.split(',')) {
    const [media = '', ...parameters] = range.split(';').map((part) => part.trim().toLowerCase());
    const format = formatOf(media, valueOf(parameters, 'version'));
    const quality = Number(valueOf(parameters, 'q') ?? 1);
    if (format === undefined || !(quality > bestQuality && quality <= 1)) continue;
    best = format;
    bestQuality = quality;
  }
  return best;
}

function formatOf(media: string, version: string | undefined): TextFormat | undefined {
  if (media === 'application/openmetrics-text') return version === '1.0.0' ? OPEN_METRICS : undefined;
  if (media === 'text/plain')
    return version === undefined || version === '0.0.4' ? PROMETHEUS_TEXT : undefined;
  return media === '*/*' || media === 'text/*' ? PROMETHEUS_TEXT : undefined;
}

function valueOf(parameters: readonly string[], name: string): string | undefined {
  const parameter = parameters.find((each) => each.startsWith(`${name}=`));
  return parameter?.slice(name.length + 1).replaceAll('"', '');
}
