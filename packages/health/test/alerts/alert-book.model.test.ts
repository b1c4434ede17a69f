import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { AlertBook } from '../../src/alerts/alert-book.ts';
import type { AlertRaised, AlertResolved } from '../../src/index.ts';

const COOLDOWN_MS = 100;
const HISTORY_SIZE = 4;

const step = fc.record({
  waitMs: fc.integer({ min: 0, max: 150 }),
  troubles: fc.record({ a: fc.boolean(), b: fc.boolean() }),
});

test('alerts keep their promises, whatever comes and goes', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 40 }), async (steps) => {
      const clock = manualClock();
      const events: { at: number; event: AlertRaised | AlertResolved }[] = [];
      const now: Record<string, boolean> = {};
      const book = new AlertBook({
        alerts: ['a', 'b'].map((name) => ({
          name,
          severity: 'warning',
          condition: () => (now[name] ? `${name} is bad` : undefined),
        })),
        checks: new Map(),
        alertCooldownMs: COOLDOWN_MS,
        alertHistorySize: HISTORY_SIZE,
        clock,
        onListenerError: (error) => expect.fail(String(error)),
        tell: (event) => events.push({ at: clock.now(), event }),
      });
      for (const { waitMs, troubles } of steps) {
        await clock.advance(waitMs);
        Object.assign(now, troubles);
        book.update({ checks: [], requests: undefined });
        const lasting = Object.keys(troubles).filter((name) => now[name]);
        expect(book.raised.map(({ name }) => name).sort()).toEqual(lasting.sort());
        expect(book.history.length).toBeLessThanOrEqual(HISTORY_SIZE);
      }
      for (const name of ['a', 'b']) {
        const own = events.filter(({ event }) => event.alert.name === name);
        const raised = own.filter(({ event }) => event.type === 'health.alert_raised');
        raised
          .slice(1)
          .forEach(({ at }, index) =>
            expect(at - (raised[index]?.at ?? 0)).toBeGreaterThanOrEqual(COOLDOWN_MS),
          );
        // No end without a beginning that was told, and no second beginning that is not marked.
        let open = false;
        for (const { event } of own) {
          if (event.type === 'health.alert_raised') {
            expect(event.again).toBe(open);
            open = true;
          } else {
            expect(open).toBe(true);
            open = false;
          }
        }
      }
    }),
    { numRuns: 60 },
  );
});
