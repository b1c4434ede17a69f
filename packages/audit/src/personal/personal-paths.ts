import { check, type Rule } from '@holdfast/pipeline';

/** Which fields are personal, as a tree of names. */
export interface PersonalPaths {
  readonly path: string;
  /** Whether the value here is personal as a whole. */
  readonly whole: boolean;
  readonly children: ReadonlyMap<string, PersonalPaths>;
}

const PARTIES = ['actor', 'agent', 'onBehalfOf'].flatMap((party) => [`${party}.id`, `${party}.name`]);
const TEXTS = [
  'resource.id',
  'resource.name',
  'where.ip',
  'where.userAgent',
  'where.host',
  'reason',
  'session',
];
const FIXED: ReadonlySet<string> = new Set([...PARTIES, ...TEXTS]);

const pathRule: Rule = (value) =>
  typeof value === 'string' && (FIXED.has(value) || /^details(\.[^.]+)+$/.test(value))
    ? undefined
    : `must be a path into details such as "details.email", or one of ${[...FIXED].join(', ')}`;

/**
 * Compiles the names of personal fields. A path goes through arrays without naming them: `details.guests.email` is
 * the email of every guest.
 *
 * @throws {@link TypeError} when a path names nothing that an event has
 */
export function personalPaths(fields: readonly string[]): PersonalPaths {
  const root = branch('');
  for (const [index, field] of fields.entries()) {
    check(`openAudit: personal.fields[${index}]`, field, pathRule);
    let at = root;
    for (const name of field.split('.')) {
      const next = at.children.get(name) ?? branch(at === root ? name : `${at.path}.${name}`);
      at.children.set(name, next);
      at = next;
    }
    at.whole = true;
  }
  return root;
}

interface Branch extends PersonalPaths {
  whole: boolean;
  readonly children: Map<string, Branch>;
}

const branch = (path: string): Branch => ({ path, whole: false, children: new Map() });
