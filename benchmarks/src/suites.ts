import type { Suite } from './harness/suite.ts';
import { audit } from './suites/audit.ts';
import { auditQuery } from './suites/audit-query.ts';
import { auditVerify } from './suites/audit-verify.ts';
import { breaker } from './suites/breaker.ts';
import { exposition } from './suites/exposition.ts';
import { failing } from './suites/failing.ts';
import { falseOpens } from './suites/false-opens.ts';
import { health } from './suites/health.ts';
import { httpMiddleware } from './suites/http-middleware.ts';
import { idle } from './suites/idle.ts';
import { logging } from './suites/logging.ts';
import { metrics } from './suites/metrics.ts';
import { pipelines } from './suites/pipelines.ts';
import { recovery } from './suites/recovery.ts';
import { rejected } from './suites/rejected.ts';
import { retries } from './suites/retries.ts';
import { series } from './suites/series.ts';
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
  metrics,
  series,
  exposition,
  httpMiddleware,
  health,
  logging,
  audit,
  auditVerify,
  auditQuery,
];
