/** A key that is in use for a while. */
export interface ScheduledKey {
  /** The id of the key, unlike that of any other. */
  readonly kid: string;
  /** From when on it makes new tokens, in milliseconds since the Unix epoch; before, it is only made known. */
  readonly notBeforeMs: number;
  /** From when on nothing made with it is accepted, in milliseconds since the Unix epoch. */
  readonly retireAtMs: number;
}

/** Keys that follow one another: the newest makes tokens while those of the older ones are still accepted. */
export class KeySchedule<K extends ScheduledKey> {
  private readonly keys = new Map<string, { readonly key: K; retireAtMs: number }>();

  add(key: K): void {
    this.keys.set(key.kid, { key, retireAtMs: key.retireAtMs });
  }

  has(kid: string): boolean {
    return this.keys.has(kid);
  }

  /** Ends a key at an instant, or when it would have ended before that. */
  retire(kid: string, atMs: number): void {
    const entry = this.keys.get(kid);
    if (entry !== undefined) entry.retireAtMs = Math.min(entry.retireAtMs, atMs);
  }

  find(kid: string, nowMs: number): K | undefined {
    const entry = this.keys.get(kid);
    return entry !== undefined && nowMs < entry.retireAtMs ? entry.key : undefined;
  }

  /** The keys that are not retired. */
  live(nowMs: number): readonly K[] {
    return [...this.keys.values()].filter((entry) => nowMs < entry.retireAtMs).map((entry) => entry.key);
  }

  /** The one that makes tokens: of those whose time has come, the last one to come; of equals, the last one added. */
  current(nowMs: number): K | undefined {
    return this.live(nowMs)
      .filter((key) => key.notBeforeMs <= nowMs)
      .reduce<K | undefined>(
        (best, key) => (best && best.notBeforeMs > key.notBeforeMs ? best : key),
        undefined,
      );
  }
}
