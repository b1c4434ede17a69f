const MAX_DEPTH = 32;
const UNREADABLE = '[unreadable]';

/** A copy of a value in which every text is cleaned; see `Redactor.cleanDeep`. */
export function cleanDeep(value: unknown, clean: (text: string) => string): unknown {
  /** Those that the value is within. */
  const open = new Set<object>();

  const copy = (part: unknown): unknown => {
    if (typeof part === 'string') return clean(part);
    if (typeof part === 'bigint' || typeof part === 'symbol') return clean(String(part));
    if (typeof part === 'function') return '[function]';
    if (typeof part !== 'object' || part === null) return part;
    if (open.has(part)) return '[circular]';
    if (open.size >= MAX_DEPTH) return '[too deep]';
    open.add(part);
    try {
      return copyObject(part);
    } catch {
      // What cannot be read must not cost the log its line.
      return UNREADABLE;
    } finally {
      open.delete(part);
    }
  };

  const copyObject = (part: object): unknown => {
    if (part instanceof Error) return copyKeys(part, keysOf(part));
    // Before toJSON, which a Buffer has.
    if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) return '[bytes]';
    if (hasToJson(part)) return copy(part.toJSON());
    if (Array.isArray(part)) return part.map(copy);
    if (part instanceof Map || part instanceof Set) return [...part].map(copy);
    return copyKeys(part, Object.keys(part));
  };

  const copyKeys = (part: object, keys: readonly string[]) =>
    Object.fromEntries(keys.map((key) => [clean(key), copy(read(part, key))]));

  return copy(value);
}

/** A getter that throws costs the log what it would have said. */
function read(part: object, key: string): unknown {
  try {
    return Reflect.get(part, key);
  } catch {
    return UNREADABLE;
  }
}

/** What an error says, including what is not enumerable. */
const keysOf = (error: Error) => [
  ...new Set([
    ...['name', 'message', 'stack', 'cause', 'errors'].filter((key) => key in error),
    ...Object.keys(error),
  ]),
];

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';
