import { batch as createBatch } from '@holdfast/fallback';
import { observe } from '@holdfast/metrics';
import { healthy } from '../demo/schedule.ts';
import type { Part } from '../proxy/upstream-call.ts';
import { fetchText } from './fetch-text.ts';
import { guardWith } from './guard-with.ts';
import type { Scenario } from './scenario.ts';

export const batch: Scenario = {
  name: 'batch',
  title: 'orders are fetched together: up to 10, or what comes within 100 ms of the first',
  lookFor: 'The upstream gets a tenth of the requests, and bears a load that it would break down under.',
  schedule: [healthy(10, { latencyMs: [60, 100], capacity: 3 })],
  load: { rate: 80, items: 1_000, patienceMs: 1_000 },
  compared: true,
  guard({ metrics, upstream, ms }) {
    const orders = createBatch({
      name: 'orders',
      maxItems: 10,
      maxWaitMs: ms(100),
      run: (paths: readonly string[]) => fetchTogether(upstream, paths),
    });
    observe(metrics, orders);
    const single = guardWith(metrics);
    return {
      ...single,
      strategy: {
        async *stream(attempt, options) {
          const { access, path = '' } = options.attributes ?? {};
          if (access === 'read') yield* await orders.add(path, { signal: options.signal });
          else yield* single.strategy.stream(attempt, options);
        },
      },
      parts: [orders],
      close: () => orders.close(),
    };
  },
};

/** Asks for several orders at once. Each gets its own result, although here they share one text. */
async function fetchTogether(upstream: URL, paths: readonly string[]) {
  const ids = paths.map((path) => encodeURIComponent(path.replace(/^.*\//, '')));
  const text = await fetchText(fetch, new URL(`/orders?ids=${ids.join()}`, upstream));
  return ids.map((id) => ({ ok: true as const, value: [HEAD, Buffer.from(`order ${id}\n${text}`)] }));
}

const HEAD: Part = { status: 200, statusText: 'OK', headers: ['Content-Type', 'text/plain'] };
