import type { HealthState } from '../state.ts';

/** A state in the words of dashboards. */
export const HEALTH_WORDS: Readonly<Record<HealthState, 'healthy' | 'degraded' | 'unhealthy'>> = {
  up: 'healthy',
  degraded: 'degraded',
  down: 'unhealthy',
  unknown: 'unhealthy',
};
