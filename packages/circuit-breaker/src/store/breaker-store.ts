/** What the instances of a service think of a circuit, taken together. */
export interface Verdict {
  readonly open: boolean;
  /** How long an open verdict holds, in milliseconds, unless it changes. */
  readonly remainingMs: number;
}

/**
 * Where the instances of a service tell each other what they think of a dependency. A circuit opens everywhere when a
 * quorum of instances has found it open, so that one instance with a trouble of its own does not stop the others.
 * Every method may fail or never answer: breakers go on with decisions of their own.
 */
export interface BreakerStore {
  /**
   * Tells an instance's opinion, which replaces its former one and ends its probing.
   *
   * @param ttlMs - after how many milliseconds the opinion lapses
   */
  report(circuit: string, instance: string, open: boolean, ttlMs: number): void | PromiseLike<void>;
  /**
   * Listens for verdicts: the present one if it is open, and every change.
   *
   * @returns a function that ends the subscription
   */
  subscribe(circuit: string, onVerdict: (verdict: Verdict) => void): () => void;
  /**
   * Asks to be the one instance that probes a circuit, for at most `leaseMs` milliseconds.
   *
   * @returns 0 when it is, otherwise in how many milliseconds to ask again
   */
  leaseProbe(circuit: string, instance: string, leaseMs: number): number | PromiseLike<number>;
}
