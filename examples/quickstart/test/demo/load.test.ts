import { seededRandom } from '@holdfast/pipeline/testing';
import { expect, it, onTestFinished, vi } from 'vitest';
import { startLoad } from '../../src/demo/load.ts';
import { listen } from '../support/setup.ts';

it('sends GET and POST until it is stopped', async () => {
  const methods: string[] = [];
  const url = await listen((request, response) => {
    methods.push(request.method ?? '');
    request.resume();
    response.end();
  });
  const load = startLoad({ url, rate: 1_000, postRatio: 0.1, patienceMs: Infinity, random: seededRandom(1) });
  onTestFinished(() => load.stop());
  await vi.waitFor(() => expect(new Set(methods)).toEqual(new Set(['GET', 'POST'])), { timeout: 5_000 });
  load.stop();
});

it('never has more than a hundred requests under way', async () => {
  let running = 0;
  let total = 0;
  let most = 0;
  const url = await listen((_request, response) => {
    total++;
    most = Math.max(most, ++running);
    response.once('close', () => running--);
    // So slow that the load would have several hundred under way.
    setTimeout(() => response.end(), 300);
  });
  const load = startLoad({ url, rate: 1_000, postRatio: 0.1, patienceMs: Infinity, random: () => 0.5 });
  onTestFinished(() => load.stop());
  await vi.waitFor(() => expect(total).toBeGreaterThan(150), { timeout: 10_000 });
  expect(most).toBeLessThanOrEqual(100);
});
