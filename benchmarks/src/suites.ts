import type { Suite } from './harness/suite.ts';
import { accessPolicy } from './suites/access-policy.ts';
import { audit } from './suites/audit.ts';
import { auditQuery } from './suites/audit-query.ts';
import { auditVerify } from './suites/audit-verify.ts';
import { batches } from './suites/batches.ts';
import { breaker } from './suites/breaker.ts';
import { brokerIssue } from './suites/broker-issue.ts';
import { bulkheads } from './suites/bulkheads.ts';
import { caches } from './suites/caches.ts';
import { exposition } from './suites/exposition.ts';
import { failing } from './suites/failing.ts';
import { falseOpens } from './suites/false-opens.ts';
import { guardedFetch } from './suites/guarded-fetch.ts';
import { health } from './suites/health.ts';
import { httpMiddleware } from './suites/http-middleware.ts';
import { idle } from './suites/idle.ts';
import { logging } from './suites/logging.ts';
import { metrics } from './suites/metrics.ts';
import { pipelines } from './suites/pipelines.ts';
import { rateLimits } from './suites/rate-limits.ts';
import { recovery } from './suites/recovery.ts';
import { redactors } from './suites/redactors.ts';
import { rejected } from './suites/rejected.ts';
import { retries } from './suites/retries.ts';
import { series } from './suites/series.ts';
import { sharedState } from './suites/shared-state.ts';
import { size } from './suites/size.ts';
import { storm } from './suites/storm.ts';
import { timeouts } from './suites/timeouts.ts';

/** All suites, in the order in which they run. */
export const SUITES: readonly Suite[] = [
  breaker,
  pipelines,
  retries,
  timeouts,
  rejected,
  failing,
  idle,
  size,
  storm,
  recovery,
  falseOpens,
  bulkheads,
  rateLimits,
  caches,
  batches,
  guardedFetch,
  sharedState,
  metrics,
  series,
  exposition,
  httpMiddleware,
  health,
  logging,
  audit,
  auditVerify,
  auditQuery,
  brokerIssue,
  accessPolicy,
  redactors,
];
