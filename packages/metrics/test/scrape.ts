import type { Metrics } from '../src/index.ts';
import { parseText, type ParsedSample } from './parse-text.ts';

export const OPEN_METRICS = 'application/openmetrics-text; version=1.0.0';

/** What a scraper receives, as text. */
export async function scrape(metrics: Metrics, accept?: string): Promise<string> {
  const { body } = await metrics.expose(accept);
  return body.toString();
}

/** The samples of one family that a scraper receives. */
export async function samplesOf(metrics: Metrics, family: string): Promise<readonly ParsedSample[]> {
  return parseText(await scrape(metrics)).filter(({ name }) => name.startsWith(family));
}
