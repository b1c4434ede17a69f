import { gunzipSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { exposition, type ScrapeCase } from '../../src/suites/exposition.ts';

const scrapes = exposition
  .makeCases()
  .filter((each): each is ScrapeCase => 'scrape' in each && !each.name.endsWith('protobuf'))
  .map((each) => [`${each.subject}: ${each.name}`, each] as const);

describe('exposition', () => {
  it.each(scrapes)('%s has every sample', async (_, { scrape, lines, name }) => {
    const body = await scrape();
    const text = (name.endsWith('gzip') ? gunzipSync(body) : Buffer.from(body)).toString();
    expect(text.split('\n').filter((line) => line !== '' && !line.startsWith('#'))).toHaveLength(lines);
  });
});
