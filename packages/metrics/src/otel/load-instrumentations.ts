import { register } from 'node:module';
import type { Instrumentation } from '@opentelemetry/instrumentation';

/** The instrumentations that are used where they are installed, with the names of their classes. */
const KNOWN: readonly (readonly [specifier: string, exported: string])[] = [
  ['@opentelemetry/instrumentation-http', 'HttpInstrumentation'],
  ['@opentelemetry/instrumentation-undici', 'UndiciInstrumentation'],
  ['@opentelemetry/instrumentation-pg', 'PgInstrumentation'],
  ['@opentelemetry/instrumentation-redis', 'RedisInstrumentation'],
  ['@opentelemetry/instrumentation-ioredis', 'IORedisInstrumentation'],
  ['@opentelemetry/instrumentation-aws-sdk', 'AwsInstrumentation'],
];

/** Instruments what is loaded from now on, and says by which packages. None is installed: nothing happens. */
export async function loadInstrumentations(): Promise<readonly string[]> {
  const found = (await Promise.all(KNOWN.map(load))).flat();
  if (found.length === 0) return [];
  const { registerInstrumentations } = await import('@opentelemetry/instrumentation');
  // Modules that are imported, not required, can be changed through a loader only.
  register('@opentelemetry/instrumentation/hook.mjs', import.meta.url);
  registerInstrumentations({ instrumentations: found });
  return found.map(({ instrumentationName }) => instrumentationName);
}

async function load([specifier, exported]: (typeof KNOWN)[number]): Promise<Instrumentation[]> {
  try {
    const module = (await import(specifier)) as Record<string, (new () => Instrumentation) | undefined>;
    const Kind = module[exported];
    return Kind === undefined ? [] : [new Kind()];
  } catch (error) {
    if ((error as { code?: unknown }).code === 'ERR_MODULE_NOT_FOUND') return [];
    throw error;
  }
}
