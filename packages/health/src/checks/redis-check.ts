import { type } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { slowDefaults, slowRules, timed, wrongAnswer, type SlowOptions } from './slow.ts';

/** What {@link redisCheck} takes. */
export interface RedisCheckOptions extends CheckOverrides, SlowOptions {
  /** Something with `ping`, such as a client of ioredis or redis. */
  readonly client: { ping(): PromiseLike<unknown> };
}

/**
 * Pings Redis. Its name is `redis` unless told otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { redisCheck } from '@holdfast/health';
 *
 * const redis = { ping: () => Promise.resolve('PONG') };
 * const check = redisCheck({ client: redis, critical: false });
 * ```
 */
export function redisCheck(options: RedisCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'redisCheck',
      options,
      rules: { ...slowRules, client: type('object') },
      defaults: { ...slowDefaults, name: 'redis', componentType: 'datastore' },
      required: ['client'],
    },
    (settings) =>
      timed(settings, async () => {
        const answer = await settings.client.ping();
        if (answer !== 'PONG') throw wrongAnswer('wrong-answer', 'Redis did not answer PONG');
      }),
  );
}
