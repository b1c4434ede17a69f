import { ConnectError } from './connect-error.ts';

type Test = (value: string, wanted: string) => boolean;

const OPERATORS: Readonly<Record<string, Test>> = {
  eq: (value, wanted) => value === wanted,
  co: (value, wanted) => value.includes(wanted),
  sw: (value, wanted) => value.startsWith(wanted),
};

const TERM = /^\s*([a-zA-Z]+)\s+(eq|co|sw)\s+("(?:[^"\\]|\\.)*")\s*/;
const LINK = /^(and|or)\s+/i;

/** Finds the values of an attribute; nothing for one that cannot be filtered by. */
export type Attributes<T> = (subject: T, attribute: string) => readonly string[] | undefined;

/**
 * Reads a filter in the part of SCIM (RFC 7644, 3.4.2.2) that the server knows: terms like `title eq "x"` between `and` and
 * `or`, of which `and` binds closer. Case does not count.
 *
 * @throws {@link ConnectError} 400, when it is none
 */
export function parseFilter<T>(text: string, attributes: Attributes<T>): (subject: T) => boolean {
  const refuse = () => new ConnectError(400, 'Invalid filter query');
  const either: ((subject: T) => boolean)[][] = [[]];
  for (let rest = text; ;) {
    const [term, attribute = '', operator = '', literal = ''] = TERM.exec(rest) ?? [];
    const test = OPERATORS[operator];
    if (term === undefined || test === undefined) throw refuse();
    const wanted = unquoted(literal, refuse);
    either.at(-1)?.push((subject) => {
      const values = attributes(subject, attribute.toLowerCase());
      if (values === undefined) throw refuse();
      return values.some((value) => test(value.toLowerCase(), wanted));
    });
    rest = rest.slice(term.length);
    if (rest === '') return (subject) => either.some((all) => all.every((holds) => holds(subject)));
    const [link, word = ''] = LINK.exec(rest) ?? [];
    if (link === undefined) throw refuse();
    if (word.toLowerCase() === 'or') either.push([]);
    rest = rest.slice(link.length);
  }
}

function unquoted(literal: string, refuse: () => Error): string {
  try {
    return String(JSON.parse(literal)).toLowerCase();
  } catch {
    throw refuse();
  }
}
