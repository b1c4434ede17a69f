/** Something that happened to what is observed. */
export interface ObservedEvent {
  readonly type: string;
}

/**
 * A strategy that counts what it does: a circuit breaker, retry, hedge, timeout, bulkhead, rate limit, cost budget, chaos,
 * fallback or cache; or what calls others: a batch, a guarded fetch, a failover.
 */
export interface ObservedStrategy {
  /** What its metrics are labelled with. */
  readonly name: string;
  /** Its counts, read at each scrape. */
  stats(): object;
  /** Tells of changes; only those of circuits are listened to. */
  subscribe?(listener: (event: ObservedEvent & { readonly strategy?: string }) => void): () => void;
}

/** Several of them, such as a registry of breakers. */
export interface ObservedRegistry extends Iterable<ObservedStrategy> {
  /** Tells of changes of all of them. */
  subscribe?(listener: (event: ObservedEvent & { readonly strategy?: string }) => void): () => void;
}

/** A health with its checks; that of `@holdfast/health` is one. */
export interface ObservedHealth {
  /** The names of its groups, such as `readiness`. */
  readonly groups: readonly string[];
  /** Whether it is about to stop. */
  readonly draining: boolean;
  /** Whether it is closed; it is then observed no longer. */
  readonly closed?: boolean;
  /** What each check has counted. */
  stats(): readonly { readonly name: string }[];
  /** How a group is: `up`, `degraded`, `down` or `unknown`. */
  state(group: string): string;
  /** What is known; the alerts that last are counted. */
  report(): { readonly alerts: readonly { readonly severity: string }[] };
  /** Tells of changes. */
  subscribe(listener: (event: ObservedEvent) => void): () => void;
}

/** An audit log; those of `@holdfast/audit` are some. */
export interface ObservedAuditLog {
  stats(): {
    /** `open`, `failed`, `broken` or `closed`; it is observed no longer once it is closed. */
    readonly state?: string;
    /** Entries made durable. */
    readonly appended: number;
    /** Entries that wait for the disk. */
    readonly pending: number;
  };
}

/** What copies an audit log elsewhere; the running sinks of `@holdfast/audit` do. */
export interface ObservedAuditSink {
  stats(): {
    /** What its metrics are labelled with. */
    readonly name: string;
    /** Entries that it has not taken yet. */
    readonly lag: number;
    /** Entries that it has taken. */
    readonly delivered: number;
  };
}

/** A broker of credentials that counts by type: `database`, `api`, `ssh`, `generic`. */
export interface ObservedBroker {
  /** Whether it is closed; it is then observed no longer. */
  readonly closed?: boolean;
  stats(): {
    readonly issued: Readonly<Record<string, number>>;
    readonly denied: Readonly<Record<string, number>>;
    readonly redeemed?: Readonly<Record<string, number>>;
    readonly revoked?: Readonly<Record<string, number>>;
    readonly expired?: Readonly<Record<string, number>>;
    readonly active?: Readonly<Record<string, number>>;
  };
}

/** What keeps tokens and renews them; a token manager of `@holdfast/credential-broker` does. */
export interface ObservedTokenManager {
  stats(): {
    /** Tokens that are valid. */
    readonly valid: number;
    /** Tokens that have expired. */
    readonly expired: number;
    /** How many were renewed. */
    readonly refreshed: number;
    /** How often a renewal was left to another process. */
    readonly yielded: number;
  };
}

/** What {@link observe} knows how to show. */
export type Observed =
  | ObservedStrategy
  | ObservedRegistry
  | ObservedHealth
  | ObservedAuditLog
  | ObservedAuditSink
  | ObservedBroker
  | ObservedTokenManager;
