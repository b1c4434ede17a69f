import type { Metrics } from '../../src/index.ts';
import { samplesOf } from '../scrape.ts';

/** The values of a family by their labels, zeros left out. */
export async function valuesOf(metrics: Metrics, family: string): Promise<Record<string, number>> {
  const samples = (await samplesOf(metrics, family)).filter(({ name }) => name === family);
  const entries = samples.map(({ labels, value }) => [Object.values(labels).join(' '), value] as const);
  return Object.fromEntries(entries.filter(([, value]) => value !== 0));
}
