import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Pace, type PacedCall } from '../src/pace.ts';

const SLOW_MS = 50;

describe('Pace', () => {
  it('tells of every call once, as soon as it is slow or settled, for any history', () => {
    const step = fc.oneof(
      fc.record({ do: fc.constant('start' as const) }),
      fc.record({ do: fc.constant('finish' as const), which: fc.nat() }),
      fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 0, max: 60 }) }),
    );
    fc.assert(
      fc.property(fc.array(step, { maxLength: 80, size: 'max' }), (steps) => {
        const pace = new Pace(SLOW_MS);
        let running: PacedCall[] = [];
        let waiting = new Map<number, number>();
        const told = new Map<number, boolean>();
        let nowMs = 0;
        let next = 1;
        for (const each of steps) {
          if (each.do === 'start') {
            waiting.set(next, nowMs);
            running.push(pace.start(next++, nowMs, undefined));
          } else if (each.do === 'wait') nowMs += each.ms;
          else {
            const call = running[each.which % Math.max(1, running.length)];
            if (call === undefined) continue;
            running = running.filter((other) => other !== call);
            const slow = pace.finish(call, nowMs);
            expect(slow).toBe(told.has(call.permit) ? undefined : nowMs - call.startedAtMs >= SLOW_MS);
            waiting.delete(call.permit);
          }
          const expected = [...waiting].filter(([, startedAtMs]) => nowMs - startedAtMs >= SLOW_MS);
          const noticed: number[] = [];
          pace.notice(nowMs, {
            pace: (permit, slow) => {
              expect(slow).toBe(true);
              noticed.push(permit);
            },
          });
          expect(noticed).toEqual(expected.map(([permit]) => permit));
          for (const permit of noticed) told.set(permit, true);
          waiting = new Map([...waiting].filter(([permit]) => !told.has(permit)));
        }
      }),
    );
  });
});
