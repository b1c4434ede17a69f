import { callMetrics, type Metrics } from '@holdfast/metrics';
import { pipeline, type Strategy } from '@holdfast/pipeline';
import type { Counting, Guard } from '../guard.ts';

/** Guards with strategies, the outermost first, and measures the calls. Nothing limits how long a request may take. */
export function guardWith(metrics: Metrics, ...strategies: readonly (Strategy & Counting)[]): Guard {
  return {
    strategy: pipeline(callMetrics(metrics, { name: 'upstream' }), ...strategies),
    parts: strategies,
    totalMs: Infinity,
    limits: {},
  };
}
