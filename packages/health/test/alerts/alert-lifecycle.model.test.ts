import { manualClock } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createHealth, standardAlerts, type AlertSeverity } from '../../src/index.ts';

const LOOK_MS = 30_000; // the default of alertIntervalMs
const COOLDOWN_MS = 5 * 60_000; // the default of alertCooldownMs
const HISTORY_SIZE = 3;

/** What the service is like for some looks in a row: at its thresholds, just above them, or far from them. */
const weather = fc.record({
  looks: fc.integer({ min: 1, max: 15 }),
  failures: fc.constantFrom(0, 10, 11, 100),
  meanMs: fc.constantFrom(5, 2_000, 2_001),
  heapRatio: fc.constantFrom(0.2, 0.85, 0.86),
});
type Weather = Record<'looks' | 'failures' | 'meanMs' | 'heapRatio', number>;

const SEVERITY: Readonly<Record<string, AlertSeverity>> = {
  'error-ratio': 'critical',
  'response-time': 'warning',
  heap: 'warning',
};
const holds = (name: string, { failures, meanMs, heapRatio }: Weather) =>
  name === 'heap' ? heapRatio > 0.85 : name === 'error-ratio' ? failures / 100 > 0.1 : meanMs > 2_000;

/** The life of one alert, as the reference tells it. */
class AlertModel {
  private readonly name: string;
  raisedAt: number | undefined;
  private told = false;
  private toldAt = -Infinity;
  overs: { name: string; raisedAt: number; resolvedAt: number }[] = [];

  constructor(name: string) {
    this.name = name;
  }

  look(now: number, bad: boolean): readonly string[] {
    if (!bad) return this.resolve(now);
    this.raisedAt ??= now;
    if (now - this.toldAt < COOLDOWN_MS) return [];
    const again = this.told;
    this.told = true;
    this.toldAt = now;
    return [`${again ? 'again' : 'raised'} ${this.name}`];
  }

  private resolve(now: number): readonly string[] {
    if (this.raisedAt === undefined) return [];
    this.overs.push({ name: this.name, raisedAt: this.raisedAt, resolvedAt: now });
    const told = this.told;
    this.raisedAt = undefined;
    this.told = false;
    return told ? [`resolved ${this.name}`] : [];
  }
}

test('the standard alerts are raised above their thresholds, cool down for five minutes, and resolve', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(weather, { minLength: 1, maxLength: 12 }), async (days) => {
      const clock = manualClock({ wallStartMs: 0 });
      let now: Weather = { looks: 0, failures: 0, meanMs: 0, heapRatio: 0 };
      const health = createHealth({
        clock,
        alertHistorySize: HISTORY_SIZE,
        alerts: standardAlerts({ heapRatio: () => now.heapRatio }),
        requestStats: () => ({ requests: 100, failures: now.failures, meanMs: now.meanMs }),
      });
      const heard: string[] = [];
      health.on('health.alert_raised', ({ alert, again }) =>
        heard.push(`${again ? 'again' : 'raised'} ${alert.name}`),
      );
      health.on('health.alert_resolved', ({ alert }) => heard.push(`resolved ${alert.name}`));
      await health.start();

      const models = Object.keys(SEVERITY).map((name) => ({ name, model: new AlertModel(name) }));
      for (const day of days) {
        now = day;
        for (let look = 0; look < day.looks; look++) {
          heard.length = 0;
          await clock.advance(LOOK_MS);
          const expected = models.flatMap(({ name, model }) => model.look(clock.now(), holds(name, day)));
          expect(heard.toSorted()).toEqual(expected.toSorted());
          // Critical ones first, and among equals the oldest.
          const lasting = models
            .flatMap(({ name, model: { raisedAt } }) => (raisedAt === undefined ? [] : [{ name, raisedAt }]))
            .sort((a, b) => a.raisedAt - b.raisedAt)
            .sort(
              (a, b) => Number(SEVERITY[b.name] === 'critical') - Number(SEVERITY[a.name] === 'critical'),
            );
          expect(
            health.report().alerts.map(({ name, raisedAtMs }) => ({ name, raisedAt: raisedAtMs })),
          ).toEqual(lasting);
        }
      }
      const overs = models.flatMap(({ model }) => model.overs);
      const history = health.alertHistory();
      expect(history).toHaveLength(Math.min(HISTORY_SIZE, overs.length));
      for (const { name, raisedAtMs, resolvedAtMs } of history) {
        expect(overs).toContainEqual({ name, raisedAt: raisedAtMs, resolvedAt: resolvedAtMs });
      }
      health.close();
      expect(clock.pendingTimers).toBe(0);
    }),
    { numRuns: 60 },
  );
});
