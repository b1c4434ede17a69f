import { manualClock } from '@holdfast/pipeline/testing';
import { describe, expect, test } from 'vitest';
import { createHealth, type AlertRule, type CheckResult, type HealthCheck } from '../src/index.ts';

const check = (name: string, state: CheckResult['state'], more: Partial<HealthCheck> = {}): HealthCheck => ({
  name,
  run: () => ({ state }),
  recommendation: `mend ${name}`,
  ...more,
});
const recommended = async (checks: readonly HealthCheck[], alerts: readonly AlertRule[] = []) => {
  const health = createHealth({ clock: manualClock(), checks, alerts });
  await health.start();
  const { recommendations } = health.report();
  health.close();
  return recommendations;
};

describe('recommendations', () => {
  test('say nothing where all is well', async () => {
    expect(await recommended([check('a', 'up')])).toEqual([]);
  });

  test('are ordered: down before degraded, critical before the rest', async () => {
    const checks = [
      check('soft-slow', 'degraded', { critical: false }),
      check('slow', 'degraded'),
      check('soft', 'down', { critical: false }),
      check('fine', 'up'),
      check('hard', 'down'),
    ];
    expect(await recommended(checks)).toEqual([
      'hard: mend hard',
      'soft: mend soft',
      'slow: mend slow',
      'soft-slow: mend soft-slow',
    ]);
  });

  test('leave out checks that have none', async () => {
    expect(await recommended([check('a', 'down', { recommendation: undefined })])).toEqual([]);
  });

  test('come from alerts after the checks, and not twice for the alert of a check', async () => {
    const rule: AlertRule = {
      name: 'quiet',
      severity: 'warning',
      recommendation: 'look at the load balancer',
      condition: () => 'no requests come in',
    };
    expect(await recommended([check('a', 'down')], [rule])).toEqual([
      'a: mend a',
      'quiet: look at the load balancer',
    ]);
  });

  test('of a report are those for its group', async () => {
    const health = createHealth({
      clock: manualClock(),
      alerts: [],
      checks: [
        check('loop', 'degraded', { kinds: ['liveness'], dependency: false }),
        check('database', 'down'),
      ],
    });
    await health.start();
    expect(health.report('liveness').recommendations).toEqual(['loop: mend loop']);
    expect(health.report('readiness').recommendations).toEqual(['database: mend database']);
    health.close();
  });
});
