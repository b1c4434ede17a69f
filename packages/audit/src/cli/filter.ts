import { type CommandArgs, type CommandOption, UsageError } from '@holdfast/pipeline/cli';
import { OUTCOMES } from '../events/outcome.ts';
import { factsOf } from '../query/entry-facts.ts';

/** The options by which entries are chosen. */
export const FILTER_OPTIONS: Readonly<Record<string, CommandOption>> = {
  action: { value: 'NAME', description: 'only this action' },
  actor: { value: 'ID', description: 'only what this actor did' },
  resource: { value: 'ID', description: 'only what was done to this' },
  outcome: { value: 'NAME', description: 'only this outcome: success, failure, denied, pending' },
  text: { value: 'TEXT', description: 'only entries that hold this text; case does not count' },
  since: { value: 'TIME', description: 'only from this instant on, e.g. 2026-11-21 or 2026-11-21T12:00:00Z' },
  until: { value: 'TIME', description: 'only before this instant' },
};

function instantOf(args: CommandArgs, name: string, otherwise: number): number {
  const text = args.value(name);
  if (text === undefined) return otherwise;
  const atMs = Date.parse(text);
  if (Number.isNaN(atMs)) throw new UsageError(`--${name} must be a time such as 2026-11-21T12:00:00Z`);
  return atMs;
}

/**
 * Makes the condition that the options of a command line describe.
 *
 * @throws {@link UsageError} when a time or an outcome is none
 */
export function filterOf(args: CommandArgs): (entry: Uint8Array) => boolean {
  const wanted = (['action', 'actor', 'resource', 'outcome'] as const).flatMap((name) => {
    const value = args.value(name);
    return value === undefined ? [] : [[name, value] as const];
  });
  const outcome = args.value('outcome');
  if (outcome !== undefined && !OUTCOMES.has(outcome))
    throw new UsageError(`--outcome must be one of ${[...OUTCOMES].join(', ')}`);
  const text = args.value('text')?.toLowerCase();
  const [sinceMs, untilMs] = [instantOf(args, 'since', -Infinity), instantOf(args, 'until', Infinity)];
  if (wanted.length === 0 && text === undefined && sinceMs === -Infinity && untilMs === Infinity)
    return () => true;
  return (entry) => {
    const facts = factsOf(entry);
    if (facts.timeMs < sinceMs || facts.timeMs >= untilMs) return false;
    if (wanted.some(([name, value]) => facts[name] !== value)) return false;
    return text === undefined || Buffer.from(entry).toString().toLowerCase().includes(text);
  };
}
