/** What a row is of: a flow that has begun, or a token. */
export type SealedRowKind = 'flow' | 'token';

/** What a row is called. A row of one tenant is never another's. */
export interface SealedRowName {
  readonly kind: SealedRowKind;
  readonly tenant: string;
  readonly id: string;
}

/** Something encrypted, with what a store has to know of it. */
export interface SealedRow extends SealedRowName {
  /** The encrypted part; opens only for this row. */
  readonly box: string;
  /** Until when it is valid, in milliseconds since the Unix epoch. */
  readonly expiresAtMs: number;
  /** When it is to be looked at, in milliseconds since the Unix epoch. */
  readonly dueAtMs: number;
  /** When it can be removed, in milliseconds since the Unix epoch. */
  readonly removeAtMs: number;
  /** 1 when it was inserted, and one more with each replacement. */
  readonly version: number;
}

/** How many rows of a kind are valid, and how many are not any more. */
export interface SealedRowCounts {
  readonly valid: number;
  readonly expired: number;
}

/** Where encrypted rows are kept. Every method is one atomic step. */
export interface SealedRows {
  find(name: SealedRowName): Promise<SealedRow | undefined>;
  /**
   * Keeps a row.
   *
   * @returns whether it did: with version 1 where there is none, with a later version where there is the one before it
   */
  put(row: SealedRow): Promise<boolean>;
  /** Removes a row and gives it to one who asks: everybody else finds nothing. */
  take(name: SealedRowName): Promise<SealedRow | undefined>;
  /** The rows that are due at an instant or before, the earliest first. */
  due(kind: SealedRowKind, byMs: number, limit: number): Promise<readonly SealedRow[]>;
  /**
   * Removes the rows of a kind whose `removeAtMs` is at an instant or before.
   *
   * @returns how many
   */
  removeOver(kind: SealedRowKind, byMs: number): Promise<number>;
  count(kind: SealedRowKind, nowMs: number): Promise<SealedRowCounts>;
}
