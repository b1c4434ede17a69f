import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { withContext } from '../../src/events/context.ts';
import { personalPaths } from '../../src/personal/personal-paths.ts';
import { PersonalStore } from '../../src/personal/personal-store.ts';
import { eventsOf, openTestEngine, rigRecorder } from '../rig.ts';

type Kind = 'plain' | 'personal' | 'large' | 'id';

const eventOf = (kind: Kind, n: number) => ({
  action: `n${n}`,
  ...(kind === 'personal' ? { where: { ip: `10.0.0.${n}` } } : {}),
  ...(kind === 'large' ? { details: { text: 'x'.repeat(70_000) } } : {}),
  ...(kind === 'id' ? { id: `id-${n}` } : {}),
});

describe('events that are written without waiting for each other', () => {
  it('keep the order of their calls, whatever goes beside them', async () => {
    const kinds = fc.constantFrom<Kind>('plain', 'personal', 'large', 'id');
    await fc.assert(
      fc.asyncProperty(fc.array(kinds, { minLength: 1, maxLength: 40 }), async (mix) => {
        const engine = await openTestEngine();
        const personal = await PersonalStore.open(engine.dir, personalPaths(['where.ip']));
        const { recorder } = rigRecorder(engine, { personal });
        const appended = await Promise.all(mix.map((kind, n) => recorder.append(eventOf(kind, n))));
        expect(appended.map(({ index }) => index)).toEqual(mix.map((_, n) => n));
        const events = await eventsOf(engine);
        expect(events.map(({ action }) => action)).toEqual(mix.map((_, n) => `n${n}`));
        for (const [n, kind] of mix.entries()) {
          expect(events[n]?.personal !== undefined).toBe(kind === 'personal');
          expect(events[n]?.detailsDigest !== undefined).toBe(kind === 'large');
        }
        await personal.close();
        await engine.close();
      }),
      { numRuns: 20 },
    );
  });

  it('of many tenants at once stay with their tenants', async () => {
    const engine = await openTestEngine();
    const { recorder } = rigRecorder(engine);
    const tenants = Array.from({ length: 20 }, (_, n) => `tenant-${n}`);
    const write = (tenant: string) => async () => {
      for (let n = 0; n < 20; n++) await recorder.append({ action: `n${n}`, details: { tenant } });
    };
    await Promise.all(tenants.map((tenant) => withContext({ tenant }, write(tenant))));
    for (const tenant of tenants) {
      const events = await eventsOf(engine, tenant);
      expect(events).toHaveLength(20);
      expect(
        events.every((event, n) => event.details?.['tenant'] === tenant && event.action === `n${n}`),
      ).toBe(true);
    }
  });
});
