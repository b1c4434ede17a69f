import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { startPostgres, type RunningPostgres } from '../../../../scripts/services/postgres.ts';
import { hasRedis, startRedis, type RunningRedis } from '../../../../scripts/services/redis.ts';
import { attributesOf, otlpReceiver } from './otlp-receiver.ts';
import { runApp } from './run-app.ts';

// Long enough for a machine that has much else to do.
vi.setConfig({ testTimeout: 60_000 });

let postgres: RunningPostgres;
let redis: RunningRedis | undefined;
let receiver: Awaited<ReturnType<typeof otlpReceiver>>;
let ran: Awaited<ReturnType<typeof runApp>>;

const run = (endpoint: string, ...flags: string[]) =>
  runApp(
    'database-app.ts',
    { OTEL_EXPORTER_OTLP_ENDPOINT: endpoint, DATABASE_URL: postgres.url, REDIS_URL: redis?.url ?? '' },
    ...flags,
  );

// Run once and looked at from several sides, since a process takes long to start.
beforeAll(async () => {
  [postgres, redis, receiver] = await Promise.all([
    startPostgres(),
    hasRedis ? startRedis() : undefined,
    otlpReceiver(),
  ]);
  ran = await run(receiver.endpoint, '--no-warnings', '--import=@holdfast/metrics/otel/register');
}, 60_000);
afterAll(async () => {
  await Promise.all([postgres.close(), redis?.close(), receiver.close()]);
});

/** The spans of an instrumentation, by the end of its name. */
const spansOf = (instrumentation: string) =>
  receiver.scopes().flatMap(({ name, spans }) => (name.endsWith(instrumentation) ? spans : []));

describe('the register entry, in front of ES modules that import their clients', () => {
  it('makes spans of queries of a real PostgreSQL, without their values', () => {
    expect(JSON.parse(ran.stdout)).toMatchObject({ answer: 42 });
    const query = spansOf('instrumentation-pg').find((span) => String(span['name']).includes('query'));
    expect(String(query?.['kind'])).toBe('SPAN_KIND_CLIENT');
    const attributes = attributesOf(query);
    expect(Object.values(attributes)).toContain('SELECT $1::int + 2 AS answer');
    expect(JSON.stringify(attributes)).not.toContain('40');
  });

  it.skipIf(!hasRedis)('makes spans of commands of a real Redis', () => {
    expect(JSON.parse(ran.stdout)).toEqual({ answer: 42, value: 'hello' });
    const names = spansOf('instrumentation-ioredis').map((span) => String(span['name']).toLowerCase());
    expect(names).toEqual(expect.arrayContaining(['set', 'get']));
    // All of one trace: that of the guarded call in which they were sent.
    const call = receiver.spans().find((span) => span['name'] === 'greet');
    const traces = [...spansOf('instrumentation-ioredis'), ...spansOf('instrumentation-pg')].flatMap(
      (span) => (/^(set|get|pg\.query)/i.test(String(span['name'])) ? [span['traceId']] : []),
    );
    expect(new Set(traces)).toEqual(new Set([call?.['traceId']]));
    expect(JSON.stringify(spansOf('instrumentation-ioredis'))).not.toContain('hello');
  });

  it('takes no harm from instrumentations that are not installed: those of redis and of the AWS SDK', () => {
    expect(ran.stderr).toBe('');
  });

  it('is what makes them: without it there are none', async () => {
    const other = await otlpReceiver();
    const { stdout } = await run(other.endpoint);
    expect(JSON.parse(stdout)).toMatchObject({ answer: 42 });
    expect(other.spans().map((span) => span['name'])).toEqual(['greet']);
    await other.close();
  });
});
