import type { CallOptions, Operation, Result } from '@holdfast/pipeline';
import type { CircuitBreaker } from '../breaker.ts';
import { healthOf, type BreakerHealth } from './breaker-health.ts';

/** Operations by the names of the breakers that they stand behind. */
export type GroupOperations = Readonly<Record<string, Operation<unknown>>>;

/** How a group of operations went. */
export interface GroupOutcome<O extends GroupOperations> {
  /** How each went, by its name. */
  readonly results: { readonly [K in keyof O]: Result<Awaited<ReturnType<O[K]>>> };
  /** How the breakers of the group are after that, taken together. */
  readonly health: BreakerHealth;
}

/** Runs operations side by side, each behind its breaker; none waits for another, or fails with it. */
export async function runGroup<O extends GroupOperations>(
  operations: O,
  breakerOf: (name: string) => CircuitBreaker,
  options: CallOptions | undefined,
): Promise<GroupOutcome<O>> {
  const members = Object.entries(operations).map(([name, run]) => ({ name, run, breaker: breakerOf(name) }));
  const results = await Promise.all(
    members.map(async ({ name, run, breaker }) => [name, await breaker.try(run, options)] as const),
  );
  return {
    results: Object.fromEntries(results) as GroupOutcome<O>['results'],
    health: healthOf(members.map(({ breaker }) => breaker)),
  };
}
