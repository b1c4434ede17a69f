import { check, type } from '@holdfast/pipeline';
import { contribution, type HealthCheck, type ProbeKind } from './check.ts';
import type { CheckRunner } from './check-runner.ts';
import { listOf, nameRule } from './rules.ts';
import { worse, type HealthState } from './state.ts';

/** The groups that every health has: one for each kind of probe, and all checks together. */
export type StandardGroup = ProbeKind | 'overall';

const STANDARD: readonly StandardGroup[] = ['liveness', 'readiness', 'startup', 'overall'];

/** Which checks each group holds. */
export type Groups = ReadonlyMap<string, readonly CheckRunner[]>;

/**
 * Puts checks in their groups.
 *
 * @throws {@link TypeError} when a check or a group has the name of another, or a group names a check that is not there
 */
export function groupsOf(
  runners: readonly CheckRunner[],
  custom: Readonly<Record<string, readonly string[]>>,
): Groups {
  const byName = new Map<string, CheckRunner>();
  for (const runner of runners) {
    const { name } = runner.check;
    if (byName.has(name))
      throw new TypeError(`createHealth: checks must have different names, got '${name}' twice`);
    byName.set(name, runner);
  }
  const groups = new Map<string, readonly CheckRunner[]>(
    STANDARD.map((group) => [group, runners.filter((runner) => belongs(runner.check, group))]),
  );
  for (const [group, names] of Object.entries(custom)) {
    check('createHealth: a name in groups', group, nameRule);
    if (groups.has(group)) throw new TypeError(`createHealth: groups must not redefine '${group}'`);
    groups.set(group, membersOf(group, names, byName));
  }
  return groups;
}

function membersOf(group: string, names: readonly string[], byName: ReadonlyMap<string, CheckRunner>) {
  check(`createHealth: groups.${group}`, names, listOf(type('string')));
  return [...new Set(names)].map((name) => {
    const runner = byName.get(name);
    if (runner === undefined) {
      throw new TypeError(
        `createHealth: groups.${group} names '${name}'; there is ${[...byName.keys()].join(', ')}`,
      );
    }
    return runner;
  });
}

function belongs({ kinds = [] }: HealthCheck, group: StandardGroup): boolean {
  return group === 'overall' || kinds.includes(group);
}

/** How the checks of a group are together; up where there are none. */
export function aggregate(runners: readonly CheckRunner[]): HealthState {
  let state: HealthState = 'up';
  for (const runner of runners) state = worse(state, contribution(runner.check.critical, runner.state));
  return state;
}
