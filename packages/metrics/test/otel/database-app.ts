/** A service that imports its clients as ES modules do, and asks them within a guarded call. */
import { callSpans, startTelemetry } from '@holdfast/metrics/otel';
import { pipeline } from '@holdfast/pipeline';
import { Redis } from 'ioredis';
import pg from 'pg';

const { DATABASE_URL = '', REDIS_URL = '' } = process.env;
const telemetry = await startTelemetry({ serviceName: 'database-app' });
const pool = new pg.Pool({ connectionString: DATABASE_URL });
const redis = REDIS_URL === '' ? undefined : new Redis(REDIS_URL);

const answer = await pipeline(callSpans({ name: 'greet' })).execute(async () => {
  const { rows } = await pool.query<{ answer: number }>('SELECT $1::int + 2 AS answer', [40]);
  await redis?.set('greeting', 'hello');
  return { answer: rows[0]?.answer, value: await redis?.get('greeting') };
});
console.log(JSON.stringify(answer));
await pool.end();
await redis?.quit();
await telemetry.shutdown();
