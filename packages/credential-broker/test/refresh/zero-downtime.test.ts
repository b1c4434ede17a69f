import fc from 'fast-check';
import { expect, it } from 'vitest';
import { createTokenManager, memoryLock, memoryTokens } from '@holdfast/credential-broker';
import { manualClock, seededRandom } from '@holdfast/pipeline/testing';
import { aProvider, KEY } from './rig.ts';

/** One thing that happens. */
const step = fc.oneof(
  { weight: 6, arbitrary: fc.record({ waitMs: fc.integer({ min: 0, max: 40_000 }) }) },
  { weight: 1, arbitrary: fc.record({ failing: fc.boolean() }) },
);

it('a token that can be renewed in time is never missing, expired or waited for, by however many processes', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 60, max: 7_200 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer(),
      fc.array(step, { minLength: 1, maxLength: 60 }),
      async (lifeSeconds, processes, seed, steps) => {
        const clock = manualClock();
        const provider = aProvider(clock, lifeSeconds * 1_000);
        // Less than a fifth of a short life, with the pause between two sweeps.
        provider.latencyMs = 3_000;
        const [store, lock, random] = [memoryTokens(), memoryLock(), seededRandom(seed)];
        const managers = Array.from({ length: processes }, () =>
          createTokenManager({ store, lock, refresh: provider.refresh, clock, random }),
        );
        await managers[0]?.put(KEY, provider.grant());
        let renewals = 0;
        for (const each of steps) {
          // An outage of the provider of up to a tenth of the life.
          if ('failing' in each && each.failing) {
            provider.failure = new Error('down');
            await clock.advance(Math.min(lifeSeconds * 100, 4_000));
            provider.failure = undefined;
          }
          await clock.advance('waitMs' in each ? each.waitMs : 0);
          const before = clock.now();
          const tokens = await Promise.all(managers.map((manager) => manager.get(KEY)));
          expect(clock.now()).toBe(before);
          for (const token of tokens) expect(token.expiresAtMs).toBeGreaterThan(clock.wallNow());
          renewals = managers.reduce((sum, manager) => sum + manager.stats().refreshed, 0);
          // A rotated refresh token was never used twice: that would have ended the grant.
          expect(managers.map((manager) => manager.stats().ended)).toEqual(managers.map(() => 0));
        }
        const lives = clock.now() / (lifeSeconds * 1_000 * 0.7);
        expect(renewals).toBeLessThanOrEqual(Math.ceil(lives) + 1);
        const closing = managers.map((manager) => manager.close());
        await clock.advance(120_000);
        await Promise.all(closing);
      },
    ),
    { numRuns: 40 },
  );
});
