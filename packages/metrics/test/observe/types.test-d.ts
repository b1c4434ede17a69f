import type { AuditEngine } from '@holdfast/audit';
import type { Chaos } from '@holdfast/chaos';
import type { BreakerRegistry, CircuitBreaker } from '@holdfast/circuit-breaker';
import type { Batch, Cache, Fallback } from '@holdfast/fallback';
import type { Health } from '@holdfast/health';
import type { GuardedFetch } from '@holdfast/http';
import type { CostBudget, Failover } from '@holdfast/http/models';
import type { Bulkhead, RateLimit } from '@holdfast/limiter';
import type { budgetMetrics, Metrics, Observed } from '@holdfast/metrics';
import type { ClusterMetrics } from '@holdfast/metrics/cluster';
import type { RetryBudget } from '@holdfast/retry';
import { expectTypeOf } from 'vitest';

// What the packages make is known by its shape alone.
expectTypeOf<CircuitBreaker>().toExtend<Observed>();
expectTypeOf<BreakerRegistry>().toExtend<Observed>();
expectTypeOf<Bulkhead>().toExtend<Observed>();
expectTypeOf<RateLimit>().toExtend<Observed>();
expectTypeOf<Chaos>().toExtend<Observed>();
expectTypeOf<Fallback<string>>().toExtend<Observed>();
expectTypeOf<Cache<string>>().toExtend<Observed>();
expectTypeOf<Batch<number, string>>().toExtend<Observed>();
expectTypeOf<GuardedFetch>().toExtend<Observed>();
expectTypeOf<Failover<string, string>>().toExtend<Observed>();
expectTypeOf<CostBudget>().toExtend<Observed>();
expectTypeOf<Health>().toExtend<Observed>();
expectTypeOf<AuditEngine>().toExtend<Observed>();
expectTypeOf<{ readonly name: string }>().not.toExtend<Observed>();

// A budget that is counted is a budget.
expectTypeOf<RetryBudget>().toExtend<Parameters<typeof budgetMetrics>[2]>();
expectTypeOf<ReturnType<typeof budgetMetrics>>().toExtend<RetryBudget>();

// Several processes are exposed as one is.
expectTypeOf<ClusterMetrics['expose']>().toEqualTypeOf<Metrics['expose']>();
