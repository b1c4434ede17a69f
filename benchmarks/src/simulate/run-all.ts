import { availableParallelism } from 'node:os';
import type { Progress } from '../harness/suite.ts';
import { runInThread } from './run-in-thread.ts';
import { WORLD, type FleetSize, type Scenario } from './scenario.ts';
import type { Outcome } from './simulate-fleet.ts';
import { SUBJECTS } from './subjects.ts';

/** A scenario and how each subject fared in it, in the order of the subjects. */
export interface Played {
  readonly scenario: Scenario;
  readonly outcomes: readonly Outcome[];
}

/** Plays every subject in every scenario, as many at a time as there are cores. What comes out does not depend on that. */
export async function runAll(
  scenarios: readonly Scenario[],
  size: FleetSize,
  progress: Progress,
): Promise<readonly Played[]> {
  const runs = scenarios.flatMap(({ name }) =>
    SUBJECTS.map((_, subject) => ({ scenario: name, subject, size })),
  );
  const outcomes: Outcome[] = [];
  const queue = runs.entries();
  let seconds = 0;
  const onSecond = () => progress(++seconds / (runs.length * WORLD.endAtSecond));
  const lane = async () => {
    for (const [index, run] of queue) outcomes[index] = await runInThread(run, onSecond);
  };
  await Promise.all(Array.from({ length: availableParallelism() }, lane));
  return scenarios.map((scenario, index) => {
    const first = index * SUBJECTS.length;
    return { scenario, outcomes: outcomes.slice(first, first + SUBJECTS.length) };
  });
}
