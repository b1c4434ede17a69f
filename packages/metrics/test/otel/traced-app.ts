/** A service in a process of its own: guarded calls with a retry, instruments and logs, then a shutdown that flushes. */
import { createMetrics } from '@holdfast/metrics';
import { createLogging } from '@holdfast/metrics/logging';
import { callSpans, otelLogs, startTelemetry } from '@holdfast/metrics/otel';
import { pipeline } from '@holdfast/pipeline';
import { retry } from '@holdfast/retry';
import { trace } from '@opentelemetry/api';

const metrics = createMetrics();
const telemetry = await startTelemetry({
  serviceName: 'traced-app',
  metrics,
  attributes: { 'service.version': '1.2.3' },
});
const { logger, run } = createLogging({ destinations: [otelLogs()], trace });
metrics.counter({ name: 'orders_total', help: 'Orders', labels: ['country'] }).inc({ country: 'NZ' }, 3);

metrics.histogram({ name: 'fine_seconds', help: 'Fine', native: { schema: 0 } }).observe(3);

const guarded = pipeline(
  callSpans({ name: 'charge' }),
  retry({ maxAttempts: 2, baseDelayMs: 1 }),
  callSpans({ name: 'charge attempt' }),
);
await run({ requestId: 'r1', tenant: 'acme' }, () =>
  guarded.execute(
    (ctx) => {
      logger.warn({ token: 'abc', attempt: ctx.attempt }, 'charging');
      if (ctx.attempt === 1) throw Object.assign(new Error('busy'), { code: 'EBUSY' });
    },
    { attributes: { host: 'bank' } },
  ),
);
const ended = telemetry.shutdown();
const once = !telemetry.active || telemetry.shutdown() === ended;
await ended;
console.log(JSON.stringify({ active: telemetry.active, once }));
