import { anyGlob, globTest } from './glob.ts';

/** Where a reference, or a pattern of some, goes from a whole to a part of it: a step down, a field, an attribute. */
function stepsOf(text: string): readonly number[] {
  const scheme = text.indexOf('://');
  const steps: number[] = [];
  for (let at = scheme === -1 ? 0 : scheme + 3; at < text.length; at++) {
    if (text[at] === '/' || text[at] === '#' || text[at] === '?') steps.push(at);
  }
  return steps;
}

/** A reference without an attribute: the same one may be spelled in several ways, and tells something of its field. */
export function withoutAttribute(ref: string): string {
  const at = ref.indexOf('?');
  return at === -1 ? ref : ref.slice(0, at);
}

/**
 * Patterns of what holds the things that a pattern names, `vault://db` for `vault://db#password`. Nothing is said of what
 * holds a thing that may stand at any depth, save that a field stands in what is before it.
 */
export function wholesOf(pattern: string): readonly string[] {
  const wholes = stepsOf(pattern).map((at) => ({
    whole: pattern.slice(0, at),
    isOfField: pattern[at] === '#',
  }));
  return wholes
    .filter(({ whole, isOfField }) => isOfField || !whole.endsWith('**'))
    .map(({ whole }) => whole);
}

/** Makes a test for parts of what a pattern names. */
function holderOf(pattern: string): (ref: string) => boolean {
  const named = globTest(pattern);
  const below = anyGlob([`${pattern}/**`, `${pattern}#**`, `${pattern}?**`]);
  // The slashes behind a scheme are no step; few references get so far, and each costs a look for every step.
  return (ref) => below(ref) && stepsOf(ref).some((at) => named(ref.slice(0, at)));
}

/**
 * Makes a test for references that a rule forbids: what its patterns name, all that is part of it, and the wholes that it is
 * part of, for whoever has the whole has it as well.
 */
export function forbiddenRef(patterns: readonly string[]): (ref: string) => boolean {
  const named = anyGlob(patterns);
  // What fits up to any end fits in all its parts as well.
  const holders = patterns.filter((pattern) => !pattern.endsWith('**')).map(holderOf);
  const whole = anyGlob(patterns.flatMap(wholesOf));
  return (ref) => {
    if (named(ref)) return true;
    const thing = withoutAttribute(ref);
    if (!thing.includes('#') && whole(thing)) return true;
    return holders.some((holds) => holds(ref));
  };
}
