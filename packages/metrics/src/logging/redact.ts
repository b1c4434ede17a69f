import { stdSerializers } from 'pino';

/** What stands where a secret would. */
export const REDACTED = '[redacted]';

/** Whether a field of this name holds a secret. */
export type IsSecret = (name: string) => boolean;

const SECRET_ENDS =
  /(passwords?|passwd|pwd|passphrases?|secrets?|token|(api|private|secret|access|signing|encryption)keys?|credentials?|authorization|cookies?|jwts?)$/;

/** Where Node keeps headers as they were sent: values that stand beside no name of a field. */
const RAW_HEADERS: ReadonlySet<string> = new Set(['rawheaders', 'rawtrailers']);
const SENT_HEAD = '_header';

/** More names than this come from data, not from code; remembering them all would grow without bound. */
const MAX_REMEMBERED = 1_000;

/** Tells by its name whether a field holds a secret; answers are remembered, since names come again with every line. */
export function secretNames(more: readonly string[]): IsSecret {
  const also = new Set(more.map(normalise));
  const known = new Map<string, boolean>();
  return (name) => {
    const before = known.get(name);
    if (before !== undefined) return before;
    const plain = normalise(name);
    const verdict =
      also.has(plain) || RAW_HEADERS.has(plain) || name === SENT_HEAD || SECRET_ENDS.test(plain);
    if (known.size >= MAX_REMEMBERED) known.clear();
    known.set(name, verdict);
    return verdict;
  };
}

function normalise(name: string): string {
  return name.toLowerCase().replaceAll(/[^a-z0-9]/g, '');
}

/** Objects nest no deeper than this in a line, which also ends cycles. */
const MAX_DEPTH = 8;
/** A field has no more parts than this: a socket logged by mistake must not stop the process. */
const MAX_PARTS = 2_000;

/** Copies what must change and leaves the rest as it is; most lines have nothing to hide and no copy is made. */
export function redactFields<T extends object>(fields: T, isSecret: IsSecret): T {
  let copy: Record<string, unknown> | undefined;
  const source = fields as Record<string, unknown>;
  for (const name in source) {
    const value = source[name];
    if (value === undefined || value === null || (typeof value !== 'object' && !isSecret(name))) continue;
    const shown = show(name, value, isSecret);
    if (shown !== value) (copy ??= { ...source })[name] = shown;
  }
  return (copy ?? fields) as T;
}

function show(name: string, value: unknown, isSecret: IsSecret): unknown {
  return isSecret(name) ? REDACTED : redactValue(value, isSecret);
}

/** What a value looks like in a line: like JSON, without secrets. */
export function redactValue(value: unknown, isSecret: IsSecret): unknown {
  if (typeof value !== 'object' || value === null) return value;
  try {
    return new Walk(isSecret).visit(value, 0);
  } catch {
    // A getter or toJSON of the caller's that throws must not keep the line from being written.
    return '[unreadable]';
  }
}

/** One pass over a value. */
class Walk {
  private readonly isSecret: IsSecret;
  private partsLeft = MAX_PARTS;

  constructor(isSecret: IsSecret) {
    this.isSecret = isSecret;
  }

  visit(value: unknown, depth: number): unknown {
    if (typeof value !== 'object' || value === null || ArrayBuffer.isView(value)) return value;
    if (depth >= MAX_DEPTH || --this.partsLeft < 0) return '[cut]';
    const plain = plainForm(value);
    if (typeof plain !== 'object' || plain === null) return plain;
    return Array.isArray(plain)
      ? plain.map((each) => this.visit(each, depth + 1))
      : this.visitFields(plain, depth);
  }

  private visitFields(fields: object, depth: number): object {
    // No prototype, so that a field called __proto__ is a field like any other.
    const copy = Object.create(null) as Record<string, unknown>;
    for (const [name, value] of Object.entries(fields)) {
      copy[name] =
        this.isSecret(name) && value !== null && value !== undefined
          ? REDACTED
          : this.visit(value, depth + 1);
    }
    return copy;
  }
}

/** What JSON would make of an object; an error with its message, stack and fields. */
function plainForm(value: object): unknown {
  if (value instanceof Error) return stdSerializers.err(value);
  return 'toJSON' in value && typeof value.toJSON === 'function' ? (value.toJSON as () => unknown)() : value;
}
