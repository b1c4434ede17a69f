import { fitsReference } from './fits-reference.ts';
import type { PolicyRule } from './policy-rule.ts';
import type { RuleMistake } from './read-rules.ts';
import { findShadowed } from './shadowed-rules.ts';

/** Looks for what is odd in rules without mistakes: patterns that fit no reference, rules that never decide anything. */
export function findWarnings(rules: readonly PolicyRule[]): readonly RuleMistake[] {
  const idle = rules.flatMap(({ refs }, at) =>
    [...refs.keys()]
      .filter((place) => !fitsReference(refs[place] as string))
      .map((place) => ({
        message: `rules[${at}].refs[${place}] fits no reference, which is scheme://path`,
        path: ['rules', at, 'refs', place],
      })),
  );
  const shadowed = findShadowed(rules).map(({ at, by }) => ({
    message: `rules[${at}] never decides anything, because of ${JSON.stringify(by)}`,
    path: ['rules', at],
  }));
  return [...idle, ...shadowed];
}
