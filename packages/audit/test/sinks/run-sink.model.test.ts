import fc from 'fast-check';
import { expect, it } from 'vitest';
import { runSink, type RunningSink } from '../../src/sinks/run-sink.ts';
import type { AuditSink } from '../../src/sinks/sink.ts';
import { openTestEngine } from '../rig.ts';

type Step =
  | { readonly kind: 'append'; readonly tenant: string; readonly count: number }
  | { readonly kind: 'fail'; readonly times: number; readonly after: boolean }
  | { readonly kind: 'restart' };

const step: fc.Arbitrary<Step> = fc.oneof(
  fc.record({
    kind: fc.constant('append' as const),
    tenant: fc.constantFrom('a', 'b'),
    count: fc.integer({ min: 1, max: 300 }),
  }),
  fc.record({
    kind: fc.constant('fail' as const),
    times: fc.integer({ min: 1, max: 4 }),
    after: fc.boolean(),
  }),
  fc.constant({ kind: 'restart' as const }),
);

/** A receiver that fails before or after it has taken what it was sent. */
class Receiver {
  readonly taken = new Map<string, number[]>();
  failBefore = 0;
  failAfter = 0;

  readonly sink: AuditSink = {
    name: 'model',
    write: async ({ tenant, entries }) => {
      if (this.failBefore-- > 0) throw new Error('down');
      const known = this.taken.get(tenant) ?? [];
      this.taken.set(tenant, [...known, ...entries.map(({ index }) => index)]);
      if (this.failAfter-- > 0) throw new Error('the answer was lost');
    },
  };
}

it('whatever fails and whenever it is restarted, a sink gets every entry, and none before those that go before it', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 8 }), async (steps) => {
      const engine = await openTestEngine();
      const receiver = new Receiver();
      const start = () => runSink(engine, receiver.sink, { baseDelayMs: 0, openMs: 0, random: () => 0 });
      let running: RunningSink = await start();
      const appended = new Map<string, number>();
      for (const one of steps) {
        if (one.kind === 'append') {
          await Promise.all(
            Array.from({ length: one.count }, () => engine.append(one.tenant, Buffer.from('x'))),
          );
          appended.set(one.tenant, (appended.get(one.tenant) ?? 0) + one.count);
        } else if (one.kind === 'fail') {
          if (one.after) receiver.failAfter = one.times;
          else receiver.failBefore = one.times;
        } else {
          await running.close();
          running = await start();
        }
      }
      await running.caughtUp();
      await running.close();
      for (const [tenant, count] of appended) {
        const taken = receiver.taken.get(tenant) ?? [];
        // What comes again goes back to where it was interrupted; nothing is ever skipped.
        let next = 0;
        for (const index of taken) {
          expect(index).toBeLessThanOrEqual(next);
          next = Math.max(next, index + 1);
        }
        expect(next).toBe(count);
      }
      expect(running.stats()).toMatchObject({ lag: 0, running: false });
      await engine.close();
    }),
    { numRuns: 25 },
  );
});
