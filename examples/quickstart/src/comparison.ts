import { createMetrics } from '@holdfast/metrics';
import type { Settings } from './command-line.ts';
import { findUpstream, type Target } from './demo/find-upstream.ts';
import { openProxy } from './proxy/proxy.ts';
import { guardWith } from './scenarios/guard-with.ts';
import type { World } from './scenarios/scenario.ts';
import { trafficOf } from './traffic/traffic-of.ts';
import type { Traffic } from './traffic/traffic.ts';

/** A second proxy, on a free port: the same upstream once more, without the strategy in front of it. */
export interface Comparison {
  readonly url: URL;
  readonly traffic: Traffic;
  readonly reached: Target['reached'];
  close(): Promise<void>;
}

/** Opens what a scenario is compared with. */
export async function openComparison(
  settings: Settings,
  world: Omit<World, 'upstream' | 'metrics'>,
): Promise<Comparison> {
  const upstream = await findUpstream(settings, world.random);
  const metrics = createMetrics();
  const own = { ...world, metrics, upstream: upstream.url };
  const guard = settings.scenario.unguarded?.(own) ?? guardWith(metrics);
  const traffic = trafficOf(settings, guard, upstream);
  const operations = { handle: (_request: unknown, _response: unknown, next: () => void) => next() };
  const { url, closing } = await openProxy({
    host: '127.0.0.1',
    port: 0,
    upstream: upstream.url,
    guard,
    traffic,
    operations,
  });
  return {
    url,
    traffic,
    reached: upstream.reached,
    async close() {
      traffic.stop();
      // Nobody waits for requests that nothing guards.
      const budget = new AbortController();
      const closed = closing.run({ signal: budget.signal });
      budget.abort();
      await closed;
      await upstream.close();
    },
  };
}
