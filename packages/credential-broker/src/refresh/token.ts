import type { Secret } from '../secret/secret.ts';

/** An instant that never comes: the last one that ECMAScript has, in milliseconds since the Unix epoch. */
export const NEVER_MS = 8_640_000_000_000_000;

/** Whose token it is. */
export interface TokenKey {
  readonly tenant: string;
  /** What the tenant calls it, such as `github/ada`. */
  readonly name: string;
}

/** An access token, with what gets the next one. */
export interface Token {
  readonly accessToken: Secret;
  /** Without it the token cannot be renewed. */
  readonly refreshToken?: Secret | undefined;
  /** How it is used, such as `bearer`. */
  readonly tokenType: string;
  readonly scope: readonly string[];
  /** When it was obtained, in milliseconds since the Unix epoch. */
  readonly obtainedAtMs: number;
  /** Until when it is valid, in milliseconds since the Unix epoch; {@link NEVER_MS} when it always is. */
  readonly expiresAtMs: number;
}
