const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/** The parts of a JSON text that say where objects and their keys are. Only for texts that are JSON. */
const TOKENS = /"(?:[^"\\]|\\.)*"|[{}[\],]/g;

/**
 * Reads a JSON object whose every object has each of its keys once: of two equal ones, two readers may believe
 * different ones (RFC 7515, section 4).
 *
 * @returns nothing when the bytes are not UTF-8, not JSON, or not such an object
 */
export function readJsonObject(bytes: Uint8Array): Readonly<Record<string, unknown>> | undefined {
  try {
    const text = decoder.decode(bytes);
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value) || hasDuplicateKeys(text)) return;
    return value as Record<string, unknown>;
  } catch {
    return undefined;
  }
}

function hasDuplicateKeys(json: string): boolean {
  /** The keys of each object that is open; nothing for an array. */
  const open: (Set<string> | undefined)[] = [];
  let atKey = false;
  for (const [token] of json.matchAll(TOKENS)) {
    if (token === '{' || token === '[') open.push(token === '{' ? new Set() : undefined);
    else if (token === '}' || token === ']') open.pop();
    else if (token !== ',' && atKey) {
      // A key may be spelled with escapes.
      const key = JSON.parse(token) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return true;
      keys?.add(key);
    }
    atKey = (token === '{' || token === ',') && open.at(-1) !== undefined;
  }
  return false;
}
