import { circuitBreaker, confidentFailureRatio, exponentialOpen } from '@holdfast/circuit-breaker';
import { aimd, bulkhead, isBulkheadFull, vegas } from '@holdfast/limiter';
import { pipeline, type Clock } from '@holdfast/pipeline';
import { retry, retryBudget } from '@holdfast/retry';
import { timeout } from '@holdfast/timeout';
import type { Guard } from '../simulation/cluster.ts';
import * as protections from '../simulation/protections.ts';

/** A way to protect both ends of a call. */
export interface Subject {
  readonly name: string;
  /** `holdfast`, the name of a peer's package, or `platform` for nothing at all. */
  readonly subject: string;
  readonly protect: protections.Protection;
  /** Whether it has to keep the targets. */
  readonly promised?: boolean;
  /** Makes what an instance of the dependency protects itself with. Default: nothing. */
  readonly guard?: (clock: Clock) => Guard;
}

/** How long open circuits rest: the same for all but the one with every default. */
const OPEN_MS = 1_000;

/** The composition that the report recommends. */
const recommended: protections.Protection = ({ clock, random }) => {
  const guarded = pipeline(
    timeout({ timeoutMs: 2_000, clock }),
    retry({ maxAttempts: 4, budget: retryBudget({ clock }), clock, random }),
    circuitBreaker({
      tripRule: confidentFailureRatio(),
      openMs: exponentialOpen({ baseMs: OPEN_MS, maxMs: OPEN_MS, random }),
      clock,
    }),
    bulkhead({
      maxConcurrent: aimd({ initialLimit: 5, backoffRatio: 0.7 }),
      maxQueue: 5,
      maxQueueMs: 100,
      clock,
    }),
    timeout({ timeoutMs: 500, clock }),
  );
  return (request) => guarded.execute(request);
};

/** What each instance lets in is what it bears; the rest fails at once, for the caller as any other request. */
const adaptive = (clock: Clock): Guard => {
  const limit = bulkhead({ maxConcurrent: vegas(), clock });
  return async (instance) => {
    const result = await limit.try(instance.request);
    if (result.ok) return;
    if (isBulkheadFull(result.error)) await instance.refuse();
    throw result.error;
  };
};

/** Everything that is compared. */
export const SUBJECTS: readonly Subject[] = [
  { name: 'timeout', subject: 'platform', protect: protections.nothing },
  { name: 'retry, timeout', subject: 'p-retry', protect: protections.pRetryAlone },
  { name: 'p-retry, breaker', subject: 'opossum', protect: protections.opossumBreaker(OPEN_MS) },
  { name: 'retry, breaker', subject: 'cockatiel', protect: protections.cockatielBreaker(OPEN_MS) },
  { name: 'defaults', subject: 'holdfast', protect: protections.holdfastBreaker },
  { name: 'recommended', subject: 'holdfast', protect: recommended, promised: true },
  {
    name: 'recommended, both ends',
    subject: 'holdfast',
    protect: recommended,
    guard: adaptive,
    promised: true,
  },
];
