import type { FleetSize, Scenario } from '../../src/simulate/scenario.ts';
import { scenarioNamed } from '../../src/simulate/command-line.ts';
import type { Outcome } from '../../src/simulate/simulate-fleet.ts';
import { simulateFleet } from '../../src/simulate/simulate-fleet.ts';
import { SUBJECTS, type Subject } from '../../src/simulate/subjects.ts';

/** A fleet that tests have the time for; its processes have as many clients as those of the large one. */
export const SMALL: FleetSize = { clients: 2_000, processes: 20, seed: 3 };

export function subjectNamed(name: string, subject = 'holdfast'): Subject {
  const found = SUBJECTS.find((each) => each.name === name && each.subject === subject);
  if (found === undefined) throw new RangeError(`there is no subject '${subject}: ${name}'`);
  return found;
}

/** Plays a scenario, by its name or as it is, at small scale. */
export function play(scenario: string | Scenario, subject: Subject, size = SMALL): Promise<Outcome> {
  return simulateFleet(typeof scenario === 'string' ? scenarioNamed(scenario) : scenario, subject, size);
}
