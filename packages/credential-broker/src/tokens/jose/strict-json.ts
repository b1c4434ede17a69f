const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

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

/** Walks a text that is JSON from one string or bracket to the next. */
function hasDuplicateKeys(json: string): boolean {
  /** The keys of each object that is open; nothing for an array. */
  const open: (Set<string> | undefined)[] = [];
  let atKey = false;
  for (let at = 0; at < json.length; at++) {
    const character = json[at];
    if (character === '{' || character === '[') open.push(character === '{' ? new Set() : undefined);
    else if (character === '}' || character === ']') open.pop();
    else if (character === '"') {
      const end = endOfString(json, at);
      const keys = open.at(-1);
      if (atKey && keys !== undefined) {
        // A key may be spelled with escapes.
        const key = JSON.parse(json.slice(at, end)) as string;
        if (keys.has(key)) return true;
        keys.add(key);
      }
      at = end - 1;
    } else if (character !== ',') continue;
    atKey = character === '{' || character === ',';
  }
  return false;
}

function endOfString(json: string, start: number): number {
  let at = start + 1;
  while (json[at] !== '"') at += json[at] === '\\' ? 2 : 1;
  return at + 1;
}
