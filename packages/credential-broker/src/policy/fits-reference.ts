/**
 * How far a reference is read, `scheme://path` as requests name it: what may come next, and where that leads. A segment
 * is not empty, and neither `.` nor `..`.
 */
const READ = {
  start: [[/[a-z]/, 'scheme']],
  scheme: [
    [/[a-z0-9+.-]/, 'scheme'],
    [/:/, 'colon'],
  ],
  colon: [[/\//, 'slash']],
  slash: [[/\//, 'between']],
  between: [
    [/\./, 'dot'],
    [/[^/\\]/, 'segment'],
  ],
  dot: [
    [/\./, 'dots'],
    [/[^/\\]/, 'segment'],
  ],
  dots: [[/[^/\\]/, 'segment']],
  segment: [
    [/\//, 'between'],
    [/[^/\\]/, 'segment'],
  ],
} as const satisfies Record<string, readonly (readonly [RegExp, string])[]>;

type Place = keyof typeof READ;

function next(place: Place, character: string): readonly Place[] {
  const found = READ[place].find(([characters]) => characters.test(character));
  return found === undefined ? [] : [found[1]];
}

/** One of each kind of character that leads somewhere else than the others. */
const KINDS = ['a', '.', ':', '~'];

/** Wherever a star may lead. */
function goOn(places: Iterable<Place>, kinds: readonly string[]): ReadonlySet<Place> {
  const all = new Set(places);
  // What is added on the way is gone through as well.
  for (const place of all) for (const kind of kinds) for (const one of next(place, kind)) all.add(one);
  return all;
}

/** What nearly all patterns look like: they fit some. */
const USUAL = /^[a-z]+:\/(?:\/[\w*-]+)+$/;

/** Whether there is a reference that a pattern fits: none that begins otherwise, or has an empty segment. */
export function fitsReference(pattern: string): boolean {
  if (USUAL.test(pattern)) return true;
  let places: ReadonlySet<Place> = new Set<Place>(['start']);
  for (const [token] of pattern.matchAll(/\*\*|\*|[^*]/gsu)) {
    if (token === '**') places = goOn(places, [...KINDS, '/']);
    else if (token === '*') places = goOn(places, KINDS);
    else places = new Set([...places].flatMap((place) => next(place, token)));
  }
  return places.has('segment');
}
