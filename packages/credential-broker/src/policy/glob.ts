/** The part of a pattern before its first star. */
export function literalPrefix(pattern: string): string {
  const star = pattern.indexOf('*');
  return star === -1 ? pattern : pattern.slice(0, star);
}

/**
 * Whether a text fits a pattern. Takes at most the product of their lengths: only the latest `*` and the latest `**` are
 * ever taken back, because a longer match of an earlier star could not fit anything that a later one cannot.
 */
function matches(pattern: string, text: string): boolean {
  let p = 0;
  let t = 0;
  let one = { next: -1, at: 0 };
  let many = { next: -1, at: 0 };
  while (t < text.length) {
    if (pattern[p] === '*') {
      const double = pattern[p + 1] === '*';
      p += double ? 2 : 1;
      if (double) many = { next: p, at: t };
      one = { next: double ? -1 : p, at: t };
    } else if (pattern[p] === text[t]) {
      p++;
      t++;
    } else if (one.next !== -1 && text[one.at] !== '/') {
      p = one.next;
      t = ++one.at;
    } else if (many.next !== -1) {
      p = many.next;
      t = ++many.at;
      one.next = -1;
    } else {
      return false;
    }
  }
  while (pattern[p] === '*') p++;
  return p === pattern.length;
}

/** Makes a test for a pattern; the usual forms, no star and one at the end, cost a comparison. */
export function globTest(pattern: string): (text: string) => boolean {
  const prefix = literalPrefix(pattern);
  switch (pattern.slice(prefix.length)) {
    case '':
      return (text) => text === pattern;
    case '**':
      return (text) => text.startsWith(prefix);
    case '*':
      return (text) => text.startsWith(prefix) && !text.includes('/', prefix.length);
    default:
      return (text) => matches(pattern, text);
  }
}

/** Makes a test that passes what fits one of several patterns. */
export function anyGlob(patterns: readonly string[]): (text: string) => boolean {
  const tests = patterns.map(globTest);
  const [first] = tests;
  if (tests.length === 1 && first !== undefined) return first;
  return (text) => tests.some((test) => test(text));
}

/** Whether everything that fits `narrow` surely fits `wide`; some true answers are missed. */
export function globCovers(wide: string, narrow: string): boolean {
  if (wide === narrow) return true;
  if (!narrow.includes('*')) return globTest(wide)(narrow);
  const prefix = literalPrefix(wide);
  return wide.slice(prefix.length) === '**' && literalPrefix(narrow).startsWith(prefix);
}
