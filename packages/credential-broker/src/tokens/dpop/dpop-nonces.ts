import { createHmac, randomBytes, type BinaryLike } from 'node:crypto';
import { having, integer, readOptions, systemClock, type Clock } from '@holdfast/pipeline';
import { Secret } from '../../secret/secret.ts';

/** Options of {@link createDpopNonces}. */
export interface DpopNoncesOptions {
  /** How long a nonce is the current one, in milliseconds; it is accepted for as long again. Default 60,000; at least 1,000. */
  readonly rotateMs?: number | undefined;
  /** What nonces are made from, the same at every instance of a server; at least 32 bytes. Default fresh and random. */
  readonly secret?: Secret | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** Nonces that a server gives to clients, so that no proof can be made in advance (RFC 9449, section 8). */
export interface DpopNonces {
  /** The nonce for the next proofs, to be sent as the header `DPoP-Nonce`. */
  current(): string;
  /** Whether a nonce is the current one or the one before. */
  accepts(nonce: string): boolean;
}

const MIN_BYTES = 32;

const rules = {
  rotateMs: integer(1_000),
  secret: (value: unknown) =>
    value instanceof Secret && value.bytes().length >= MIN_BYTES
      ? undefined
      : `must be a Secret of at least ${MIN_BYTES} bytes`,
  clock: having('now', 'wallNow'),
};

/**
 * Makes nonces that need no memory: each is computed from a secret and the time.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when `rotateMs` is out of bounds
 *
 * @example
 * ```ts
 * import { createDpopChecker, createDpopNonces } from '@holdfast/credential-broker';
 *
 * const nonces = createDpopNonces({ rotateMs: 120_000 });
 * const checker = createDpopChecker({ nonces });
 * ```
 */
export function createDpopNonces(options: DpopNoncesOptions = {}): DpopNonces {
  const { rotateMs, secret, clock } = readOptions('createDpopNonces', options, rules, {
    rotateMs: 60_000,
    clock: systemClock,
  });
  const key: BinaryLike = Uint8Array.from(secret?.bytes() ?? randomBytes(MIN_BYTES));
  const period = () => Math.floor(clock.wallNow() / rotateMs);
  const nonceOf = (at: number) => createHmac('sha256', key).update(`dpop-nonce ${at}`).digest('base64url');
  return {
    current: () => nonceOf(period()),
    // A nonce is no secret of the one who sends it, so it may be compared in any time.
    accepts: (nonce) => nonce === nonceOf(period()) || nonce === nonceOf(period() - 1),
  };
}
