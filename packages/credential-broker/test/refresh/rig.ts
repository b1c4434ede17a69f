import {
  createTokenManager,
  memoryTokens,
  NEVER_MS,
  Secret,
  type Token,
  type TokenEvent,
  type TokenManagerOptions,
} from '@holdfast/credential-broker';
import { manualClock, seededRandom, type ManualClock } from '@holdfast/pipeline/testing';
import { onTestFinished } from 'vitest';

export const KEY = { tenant: 'acme', name: 'github/ada' };
export const HOUR = 3_600_000;
export const NEVER = NEVER_MS;

/** A provider that rotates refresh tokens: each works once. */
export function aProvider(clock: ManualClock, lifeMs = HOUR) {
  let issued = 0;
  let current = '';
  const provider = {
    calls: 0,
    /** How long it takes, in milliseconds. */
    latencyMs: 0,
    lifeMs,
    failure: undefined as unknown,
    grant(): Token {
      current = `refresh-${++issued}`;
      const obtainedAtMs = clock.wallNow();
      return {
        accessToken: new Secret(`access-${issued}`),
        refreshToken: new Secret(current),
        tokenType: 'bearer',
        scope: ['read'],
        obtainedAtMs,
        expiresAtMs: obtainedAtMs + provider.lifeMs,
      };
    },
    refresh: async (_key: unknown, token: Token): Promise<Token> => {
      provider.calls++;
      if (provider.latencyMs > 0)
        await new Promise<void>((resolve) => clock.setTimer(() => resolve(), provider.latencyMs));
      if (provider.failure !== undefined) throw provider.failure;
      if (token.refreshToken?.reveal() !== current) throw invalidGrant();
      return provider.grant();
    },
  };
  return provider;
}

export const invalidGrant = () => Object.assign(new Error('used up'), { error: 'invalid_grant' });

/** A manager with a provider, on a clock that moves when told to. */
export function aRig({ lifeMs, ...options }: Partial<TokenManagerOptions> & { lifeMs?: number } = {}) {
  const clock = manualClock();
  const provider = aProvider(clock, lifeMs);
  const store = options.store ?? memoryTokens();
  const events: TokenEvent[] = [];
  const make = () => {
    const manager = createTokenManager({
      store,
      refresh: provider.refresh,
      clock,
      random: seededRandom(1),
      ...options,
    });
    manager.subscribe((event) => events.push(event));
    onTestFinished(() => manager.close());
    return manager;
  };
  return { clock, provider, store, events, make, manager: make() };
}
