/** A result of PostgreSQL. */
export interface PostgresResult {
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

/** What runs statements: a client, or a pool, of `pg`. */
export interface PostgresClient {
  query(sql: string, values?: unknown[]): Promise<PostgresResult>;
}

/** A client that was taken from a pool. */
export interface PooledClient extends PostgresClient {
  /** Gives it back; with `true` it is thrown away. */
  release(destroy?: boolean): void;
  /** Hears that its connection broke while nothing was asked; Node ends the process where nobody does. */
  on?(event: 'error', listener: () => void): unknown;
  off?(event: 'error', listener: () => void): unknown;
}

/** A pool of `pg`. Its owner ends it. */
export interface PostgresPool extends PostgresClient {
  connect(): Promise<PooledClient>;
}
