import { having, readOptions, systemClock, type Clock, type Rule } from '@holdfast/pipeline';
import { TokenError } from '../token-error.ts';
import { KeySchedule } from './key-schedule.ts';
import type { SealingKey } from './sealing-key.ts';
import type { SigningKey } from './signing-key.ts';
import type { JwkSet, VerificationKeys } from './verification-key.ts';

/** Options of {@link keyRing}. */
export interface KeyRingOptions {
  /** The keys that sign tokens; at least one. */
  readonly signing: readonly SigningKey[];
  /** The keys that seal credentials for those who share them. Default none. */
  readonly sealing?: readonly SealingKey[] | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

/** The keys of a broker: those for signatures and those for sealing, each of them with a time to begin and to end. */
export interface KeyRing extends VerificationKeys {
  /** The key with an id that signatures are accepted of, at this time. */
  find(kid: string): SigningKey | undefined;
  /**
   * The key that signs new tokens: of those whose time has come, the newest.
   *
   * @throws {@link TokenError} `key` when there is none
   */
  signer(): SigningKey;
  /** The key with an id that sealed credentials can be opened with, at this time. */
  findSealing(kid: string): SealingKey | undefined;
  /**
   * The key that seals new credentials: of those whose time has come, the newest.
   *
   * @throws {@link TokenError} `key` when there is none
   */
  sealer(): SealingKey;
  /**
   * Adds a key. To replace one, add its successor with a `notBeforeMs` by which everybody knows it, and retire the old
   * one when its last token has expired.
   *
   * @throws {@link TypeError} when there is a key with its id
   */
  add(key: SigningKey | SealingKey): void;
  /**
   * Ends a key at an instant, in milliseconds since the Unix epoch, by default now. It cannot be made to last longer.
   *
   * @throws {@link TypeError} when there is no key with this id
   */
  retire(kid: string, atMs?: number): void;
  /** The public keys, also those whose time has not come. Shared secrets are never among them. */
  jwks(): JwkSet;
}

const keys =
  (use: 'sig' | 'enc', least: number): Rule =>
  (value) =>
    Array.isArray(value) && value.length >= least && value.every((key) => (key as SigningKey)?.use === use)
      ? undefined
      : `must be an array of ${use === 'sig' ? 'signing' : 'sealing'} keys${least > 0 ? ', at least one' : ''}`;

const rules = { signing: keys('sig', 1), sealing: keys('enc', 0), clock: having('now', 'wallNow') };

class ScheduledKeyRing implements KeyRing {
  private readonly clock: Clock;
  private readonly signing = new KeySchedule<SigningKey>();
  private readonly sealing = new KeySchedule<SealingKey>();

  constructor(clock: Clock) {
    this.clock = clock;
  }

  find(kid: string): SigningKey | undefined {
    return this.signing.find(kid, this.clock.wallNow());
  }

  signer(): SigningKey {
    return this.current(this.signing);
  }

  findSealing(kid: string): SealingKey | undefined {
    return this.sealing.find(kid, this.clock.wallNow());
  }

  sealer(): SealingKey {
    return this.current(this.sealing);
  }

  add(key: SigningKey | SealingKey): void {
    if (this.scheduleOf(key.kid) !== undefined) {
      throw new TypeError(`keyRing: there is a key with the kid ${JSON.stringify(key.kid)} already`);
    }
    if (key.use === 'sig') this.signing.add(key);
    else this.sealing.add(key);
  }

  retire(kid: string, atMs = this.clock.wallNow()): void {
    const schedule = this.scheduleOf(kid);
    if (schedule === undefined) throw new TypeError(`keyRing: there is no key ${JSON.stringify(kid)}`);
    schedule.retire(kid, atMs);
  }

  jwks(): JwkSet {
    const published = this.signing.live(this.clock.wallNow()).map((key) => key.jwk);
    return { keys: published.filter((jwk) => jwk !== undefined) };
  }

  private scheduleOf(kid: string): Pick<KeySchedule<SigningKey>, 'retire'> | undefined {
    return [this.signing, this.sealing].find((schedule) => schedule.has(kid));
  }

  private current<K extends SigningKey | SealingKey>(schedule: KeySchedule<K>): K {
    const key = schedule.current(this.clock.wallNow());
    if (key === undefined) throw new TokenError('key', 'no key is valid at this time');
    return key;
  }
}

/**
 * Makes a ring of keys. Keys for signatures and for sealing are told apart: neither is ever used as the other.
 *
 * @throws {@link TypeError} when an option is of the wrong type, no key signs, or two keys have one id
 *
 * @example
 * ```ts
 * import { generateSigningKey, keyRing } from '@holdfast/credential-broker';
 *
 * const keys = keyRing({ signing: [generateSigningKey('EdDSA', { kid: 'old' })] });
 * keys.add(generateSigningKey('EdDSA', { kid: 'new' }));
 * console.log(keys.signer().kid); // new
 * keys.retire('old');
 * ```
 */
export function keyRing(options: KeyRingOptions): KeyRing {
  const { signing, sealing, clock } = readOptions('keyRing', options, rules, {
    sealing: [],
    clock: systemClock,
  });
  const ring = new ScheduledKeyRing(clock);
  for (const key of [...signing, ...sealing]) ring.add(key);
  return ring;
}
