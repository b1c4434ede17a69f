import { publicKeys, type VerificationKey, type VerificationKeys } from '@holdfast/credential-broker';
import type { Egress } from '@holdfast/credential-broker/egress';
import { integer, having, readOptions, systemClock, type, type Clock, type Rules } from '@holdfast/pipeline';
import { createRemoteJWKSet, customFetch, type RemoteJWKSet } from 'jose';

/** What {@link remoteKeys} takes. */
export interface RemoteKeysOptions {
  /** Where the issuer publishes its keys. */
  readonly url: string;
  /** The way out: it decides which addresses may be asked, and how long an answer may be. */
  readonly egress: Pick<Egress, 'fetch'>;
  /** After which time keys are asked for again, in milliseconds; from half of it in the background. Default 600,000. */
  readonly maxAgeMs?: number | undefined;
  /** How long keys are good for while the issuer does not answer, in milliseconds. Default 3,600,000. */
  readonly maxStaleMs?: number | undefined;
  /** The least time between two questions, whatever tokens say, in milliseconds. Default 30,000. */
  readonly cooldownMs?: number | undefined;
  /** How long an answer is waited for, in milliseconds. Default 5,000. */
  readonly timeoutMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

const rules: Rules<RemoteKeysOptions> = {
  url: type('string'),
  egress: having('fetch'),
  maxAgeMs: integer(1),
  maxStaleMs: integer(1),
  cooldownMs: integer(0),
  timeoutMs: integer(1),
  clock: having('now'),
};

const defaults = {
  maxAgeMs: 600_000,
  maxStaleMs: 3_600_000,
  cooldownMs: 30_000,
  timeoutMs: 5_000,
  clock: systemClock,
};

/** No key of the issuer is known, or what is known is too old. Says nothing about the token. */
export class KeysUnavailableError extends Error {
  override readonly name = 'KeysUnavailableError';
  readonly code = 'ERR_KEYS_UNAVAILABLE';
  readonly retryAfterMs: number;

  constructor(retryAfterMs: number, cause: unknown) {
    super('the keys of the issuer cannot be had', { cause });
    this.retryAfterMs = retryAfterMs;
  }
}

/**
 * The keys that an issuer publishes (RFC 7517), asked for when they are needed. What the issuer no longer publishes is
 * gone with the next answer; a flood of unknown ids leads to one question per cooldown.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function remoteKeys(options: RemoteKeysOptions): VerificationKeys {
  const settings = readOptions('remoteKeys', options, rules, defaults);
  const { egress, timeoutMs } = settings;
  const remote = createRemoteJWKSet(new URL(settings.url), {
    timeoutDuration: timeoutMs,
    [customFetch]: (url, { headers, signal }) => egress.fetch(url, { headers, signal }),
  });
  return new RemoteKeys(remote, settings);
}

type Settings = typeof defaults;
type Keys = ReturnType<typeof publicKeys>;

/** The set of jose fetches and reads; when, and for how long it counts, is decided here, on one clock. */
class RemoteKeys implements VerificationKeys {
  private readonly remote: RemoteJWKSet;
  private readonly settings: Settings;
  private keys: Keys | undefined;
  private loadedAtMs = -Infinity;
  private askedAtMs = -Infinity;
  private asking: Promise<void> | undefined;
  private failure: unknown;

  constructor(remote: RemoteJWKSet, settings: Settings) {
    this.remote = remote;
    this.settings = settings;
  }

  async find(kid: string): Promise<VerificationKey | undefined> {
    const { maxAgeMs } = this.settings;
    if (this.ageMs >= maxAgeMs) await this.refresh();
    else if (this.ageMs >= maxAgeMs / 2) void this.refresh();
    const known = this.current.find(kid);
    if (known !== undefined) return known;
    await this.refresh();
    return this.current.find(kid);
  }

  private get ageMs(): number {
    return this.settings.clock.now() - this.loadedAtMs;
  }

  private get current(): Keys {
    const { maxStaleMs, cooldownMs, clock } = this.settings;
    if (this.keys !== undefined && this.ageMs < maxStaleMs) return this.keys;
    throw new KeysUnavailableError(Math.max(0, this.askedAtMs + cooldownMs - clock.now()), this.failure);
  }

  private refresh(): Promise<void> {
    const nowMs = this.settings.clock.now();
    if (this.asking === undefined && nowMs - this.askedAtMs >= this.settings.cooldownMs) {
      this.askedAtMs = nowMs;
      this.asking = this.load().finally(() => (this.asking = undefined));
    }
    return this.asking ?? Promise.resolve();
  }

  private async load(): Promise<void> {
    try {
      await this.remote.reload();
      this.keys = usable(this.remote);
      this.loadedAtMs = this.settings.clock.now();
    } catch (error) {
      // What is known goes on until it is too old.
      this.failure = error;
    }
  }
}

/** An answer without a key that can be used is an answer: all that were there are withdrawn. */
function usable(remote: RemoteJWKSet): Keys {
  try {
    return publicKeys(remote.jwks() ?? { keys: [] });
  } catch {
    return { find: () => undefined };
  }
}
