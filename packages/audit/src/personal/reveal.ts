import { commitmentTo } from './commitment.ts';
import type { PersonalValue } from './personal-draft.ts';

/**
 * Puts personal values back into an entry. One that was erased, or that is not what was committed to, stays as it is in
 * the log.
 *
 * @param entry - the parsed entry; not changed
 * @param values - what is known, by what stands for it in the entry
 */
export function reveal(entry: unknown, values: ReadonlyMap<string, PersonalValue>): unknown {
  if (typeof entry === 'string') return revealText(entry, values.get(entry));
  if (Array.isArray(entry)) return entry.map((item) => reveal(item, values));
  if (typeof entry !== 'object' || entry === null) return entry;
  // fromEntries defines properties, so that even one called __proto__ stays a property.
  return Object.fromEntries(Object.entries(entry).map(([name, value]) => [name, reveal(value, values)]));
}

function revealText(text: string, value: PersonalValue | undefined): unknown {
  return value !== undefined && commitmentTo(value.salt, value.json) === text ? JSON.parse(value.json) : text;
}
