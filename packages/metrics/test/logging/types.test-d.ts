import { createLogging, type LogLevel } from '@holdfast/metrics/logging';
import { otelLogs } from '@holdfast/metrics/otel';
import { trace } from '@opentelemetry/api';
import type { Logger } from 'pino';
import { expectTypeOf } from 'vitest';

const logging = createLogging({
  level: 'debug',
  destinations: ['console', { file: 'a.log' }, process.stderr, otelLogs()],
  trace,
});
expectTypeOf(logging.logger).toExtend<Logger>();
expectTypeOf(logging.level).toEqualTypeOf<LogLevel>();
expectTypeOf(logging.run({ requestId: 'r' }, async () => 7)).toEqualTypeOf<Promise<number>>();
// @ts-expect-error no such level
logging.setLevel('loud');
// @ts-expect-error no such field
logging.run({ user: 'u' }, () => undefined);
// @ts-expect-error no such destination
createLogging({ destinations: ['stderr'] });
