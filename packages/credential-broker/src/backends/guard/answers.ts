import { LRUCache } from 'lru-cache';
import type { Clock } from '@holdfast/pipeline';

interface Entry<V> {
  readonly value: V;
  readonly path: string;
  readonly atMs: number;
}

/** How long {@link Answers} keeps them, in milliseconds, and how many. */
export interface Keeping {
  readonly freshMs: number;
  /** For how much longer they may be asked for. */
  readonly staleMs?: number;
  readonly max: number;
  readonly clock: Clock;
}

/** Answers of a backend for a while, at most so many of them. */
export class Answers<V extends object> {
  private readonly keeping: Keeping;
  private readonly entries: LRUCache<string, Entry<V>>;
  private readonly release: (value: V) => void;

  /** @param release - called with what is kept no longer */
  constructor(keeping: Keeping, release: (value: V) => void = () => {}) {
    this.keeping = keeping;
    this.release = release;
    this.entries = new LRUCache({ max: keeping.max, dispose: ({ value }) => release(value) });
  }

  get size(): number {
    return this.entries.size;
  }

  /** An answer, if it is young enough. */
  get(key: string, stale = false): V | undefined {
    const { freshMs, staleMs = 0, clock } = this.keeping;
    const entry = this.entries.get(key);
    if (entry === undefined) return undefined;
    const ageMs = clock.now() - entry.atMs;
    if (ageMs < freshMs) return entry.value;
    if (ageMs < freshMs + staleMs) return stale ? entry.value : undefined;
    this.entries.delete(key);
    return undefined;
  }

  /** Keeps an answer in place of the one before. */
  set(key: string, path: string, value: V): void {
    const { freshMs, staleMs = 0, clock } = this.keeping;
    if (freshMs + staleMs === 0) this.release(value);
    else this.entries.set(key, { value, path, atMs: clock.now() });
  }

  delete(key: string): void {
    this.entries.delete(key);
  }

  /** Forgets the answers about all paths that begin with something. */
  forget(prefix: string): void {
    for (const [key, { path }] of this.entries.entries()) {
      if (path.startsWith(prefix)) this.entries.delete(key);
    }
  }
}
