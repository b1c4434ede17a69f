import { adaptive } from './adaptive.ts';
import { batch } from './batch.ts';
import { breaker } from './breaker.ts';
import { bulkhead } from './bulkhead.ts';
import { cache } from './cache.ts';
import { chaos } from './chaos.ts';
import { failover } from './failover.ts';
import { fallback } from './fallback.ts';
import { hedge } from './hedge.ts';
import { rateLimit } from './rate-limit.ts';
import { retry } from './retry.ts';
import type { Scenario } from './scenario.ts';
import { shared } from './shared.ts';
import { timeout } from './timeout.ts';

/** All there are; the first one is shown unless another is asked for. */
export const SCENARIOS: readonly [Scenario, ...Scenario[]] = [
  breaker,
  retry,
  timeout,
  bulkhead,
  rateLimit,
  adaptive,
  fallback,
  cache,
  batch,
  hedge,
  chaos,
  failover,
  shared,
];

/** @throws {@link TypeError} when there is none of that name; the message tells which there are */
export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((scenario) => scenario.name === name);
  if (found !== undefined) return found;
  const names = SCENARIOS.map((scenario) => scenario.name).join(', ');
  throw new TypeError(`--scenario must be one of ${names}, got ${JSON.stringify(name)}`);
}
