import type { Exemplar } from '../instruments/exemplars.ts';
import { labelText } from './escape.ts';
import { formatNumber } from './format-number.ts';

/** What follows a number in OpenMetrics to tell what led to it. */
export function exemplarText(exemplar: Exemplar | undefined): string {
  if (exemplar === undefined) return '';
  const { labels, value, atMs } = exemplar;
  const text = labelText(labels);
  return ` # ${text === ' ' ? '{} ' : text}${formatNumber(value)} ${secondsText(atMs)}`;
}

/** The line that tells in OpenMetrics since when a series counts. */
export function createdText(family: string, labels: string, createdAtMs: number): string {
  return `${family}_created${labels}${secondsText(createdAtMs)}\n`;
}

function secondsText(ms: number): string {
  return (ms / 1000).toFixed(3);
}
