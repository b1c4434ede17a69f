import { manualClock, recordEvents, seededRandom } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHealth, type CheckResult, type HealthState, type ProbeKind } from '../src/index.ts';

const found = fc.constantFrom<CheckResult['state']>('up', 'degraded', 'down');
const kind = fc.constantFrom<ProbeKind>('liveness', 'readiness', 'startup');
const member = fc.record({
  kinds: fc.uniqueArray(kind, { maxLength: 3 }),
  critical: fc.boolean(),
  own: fc.boolean(),
  results: fc.array(found, { minLength: 1, maxLength: 6 }),
});
type Member = typeof member extends fc.Arbitrary<infer M> ? M : never;

const REFRESH_MS = 1_000;
const WORST_FIRST: readonly HealthState[] = ['down', 'unknown', 'degraded', 'up'];

/**
 * What a group is by the words of the reference: as bad as its worst member, soft members only degrade it.
 *
 * @param newest - how many of its members have had their turn; the others are as they were
 */
function expected(members: readonly Member[], turn: number, newest = members.length): HealthState {
  const states = members.map(({ critical, results }, index): HealthState => {
    const state = results[(index < newest ? turn : turn - 1) % results.length] as HealthState;
    return critical || state === 'up' ? state : 'degraded';
  });
  return WORST_FIRST.find((state) => states.includes(state)) ?? 'up';
}

test('a group is what its members are, at each turn, and tells each change of its own once', async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.array(member, { maxLength: 6 }),
      fc.integer({ min: 1, max: 8 }),
      async (all, turns) => {
        const clock = manualClock();
        const health = createHealth({
          clock,
          random: () => 0.5,
          alerts: [],
          checks: all.map(({ kinds, critical, results }, index) => {
            let turn = 0;
            const run = () => ({ state: results[turn++ % results.length] }) as CheckResult;
            return { name: `c${index}`, kinds, critical, dependency: false, refreshMs: REFRESH_MS, run };
          }),
          groups: { own: all.flatMap(({ own }, index) => (own ? [`c${index}`] : [])) },
        });
        const events = recordEvents(health);
        const groups = new Map<string, readonly Member[]>([
          ...(['liveness', 'readiness', 'startup'] as const).map(
            (group) => [group, all.filter(({ kinds }) => kinds.includes(group))] as const,
          ),
          ['overall', all],
          ['own', all.filter(({ own }) => own)],
        ]);
        const shown = new Map([...groups.keys()].map((group) => [group, health.state(group)]));
        await health.start();
        let cameUp = false;
        for (let turn = 0; turn < turns; turn++) {
          if (turn > 0) await clock.advance(REFRESH_MS);
          // Results count one by one, as they come: it may have come up between two of them. Not before all were there.
          const starters = groups.get('startup') ?? [];
          for (let newest = turn === 0 ? starters.length : 1; newest <= starters.length; newest++) {
            cameUp ||= ['up', 'degraded'].includes(expected(starters, turn, newest));
          }
          cameUp ||= starters.length === 0;
          for (const [group, members] of groups) {
            const state = group === 'startup' && cameUp ? 'up' : expected(members, turn);
            expect(health.state(group)).toBe(state);
            expect(health.report(group).checks).toHaveLength(members.length);
          }
        }
        for (const event of events.events) {
          if (event.type !== 'health.group_changed') continue;
          expect(event.from).toBe(shown.get(event.group));
          expect(event.to).not.toBe(event.from);
          shown.set(event.group, event.to);
        }
        for (const group of groups.keys()) expect(shown.get(group)).toBe(health.state(group));
        health.close();
      },
    ),
    { numRuns: 80 },
  );
});

test('the order of the checks changes nothing', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(member, { minLength: 1, maxLength: 6 }), fc.nat(), async (all, seed) => {
      const stateOf = async (members: readonly Member[]) => {
        const checks = members.map(({ critical, results }, index) => ({
          name: `c${index}`,
          critical,
          run: () => ({ state: results[0] }) as CheckResult,
        }));
        const health = createHealth({ clock: manualClock(), alerts: [], checks });
        await health.start();
        health.close();
        return health.state('readiness');
      };
      const random = seededRandom(seed);
      const shuffled = all.toSorted(() => random() - 0.5);
      expect(await stateOf(shuffled)).toBe(await stateOf(all));
    }),
    { numRuns: 40 },
  );
});
