/** What the index keeps of an entry. */
export interface EntryFacts {
  readonly timeMs: number;
  readonly action: string | null;
  readonly actor: string | null;
  readonly resource: string | null;
  readonly resourceType: string | null;
  readonly outcome: string | null;
  /** Every text in the entry, to be found by its words. */
  readonly text: string;
}

/** How many characters of an entry are searched for words. */
const MAX_TEXT = 8192;
const NOTHING = { action: null, actor: null, resource: null, resourceType: null, outcome: null };

/** Looks through an entry. One that is not an event is in no answer but that to a question without conditions. */
export function factsOf(leaf: Uint8Array): EntryFacts {
  const entry = parsed(leaf);
  if (entry === undefined) return { ...NOTHING, timeMs: 0, text: '' };
  const resource = entry['resource'] as { readonly id?: unknown; readonly type?: unknown } | undefined;
  const words: string[] = [];
  collect(entry, words);
  return {
    timeMs: Date.parse(String(entry['time'])) || 0,
    action: text(entry['action']),
    actor: text((entry['actor'] as { readonly id?: unknown } | undefined)?.id),
    resource: text(resource?.id),
    resourceType: text(resource?.type),
    outcome: text(entry['outcome']),
    text: words.join(' ').slice(0, MAX_TEXT),
  };
}

function parsed(leaf: Uint8Array): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString());
    return typeof value === 'object' && value !== null ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const text = (value: unknown) => (typeof value === 'string' ? value : null);

function collect(value: unknown, words: string[]): void {
  if (typeof value === 'string') {
    // Nobody searches for a commitment.
    if (!value.startsWith('sha256:')) words.push(value);
  } else if (typeof value === 'number') {
    words.push(String(value));
  } else if (typeof value === 'object' && value !== null) {
    for (const inner of Object.values(value)) collect(inner, words);
  }
}
