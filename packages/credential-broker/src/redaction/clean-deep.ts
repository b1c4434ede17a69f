const MAX_DEPTH = 32;

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
      // A getter that throws must not cost the log its line.
      return '[unreadable]';
    } finally {
      open.delete(part);
    }
  };

  const copyObject = (part: object): unknown => {
    if (part instanceof Error) return copyEntries(errorEntries(part));
    if (hasToJson(part)) return copy(part.toJSON());
    if (Array.isArray(part)) return part.map(copy);
    if (ArrayBuffer.isView(part) || part instanceof ArrayBuffer) return '[bytes]';
    if (part instanceof Map || part instanceof Set) return [...part].map(copy);
    return copyEntries(Object.entries(part));
  };

  const copyEntries = (entries: readonly (readonly [string, unknown])[]) =>
    Object.fromEntries(entries.map(([key, one]) => [clean(key), copy(one)]));

  return copy(value);
}

/** What an error says, including what is not enumerable. */
function errorEntries(error: Error): [string, unknown][] {
  const said = { name: error.name, message: error.message, stack: error.stack, cause: error.cause };
  const own = Object.entries(error).filter(([key]) => !(key in said));
  const errors = error instanceof AggregateError ? [['errors', error.errors] as [string, unknown]] : [];
  return [...Object.entries(said), ...errors, ...own].filter(([, value]) => value !== undefined);
}

const hasToJson = (value: object): value is { toJSON(): unknown } =>
  'toJSON' in value && typeof value.toJSON === 'function';
