import { type } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { httpTargetDefaults, httpTargetRules, type HttpTarget } from './http-target.ts';
import { timed, wrongAnswer } from './slow.ts';

/** What {@link httpCheck} takes. */
export interface HttpCheckOptions extends CheckOverrides, HttpTarget {
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** Whether the answer is a good one. Default: its status is 200 to 299; a redirect, e.g. to a login, is not. */
  readonly accepts?: ((response: Response) => boolean | PromiseLike<boolean>) | undefined;
}

/**
 * Asks an HTTP service. Its name is `http` unless told otherwise.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { httpCheck } from '@holdfast/health';
 *
 * const check = httpCheck({ name: 'billing', url: 'http://billing.internal/readyz', timeoutMs: 1_000 });
 * ```
 */
export function httpCheck(options: HttpCheckOptions): HealthCheck {
  return defineCheck(
    {
      owner: 'httpCheck',
      options,
      rules: { ...httpTargetRules, method: type('string'), accepts: type('function') },
      defaults: {
        ...httpTargetDefaults,
        name: 'http',
        method: 'GET',
        accepts: (response: Response): boolean | PromiseLike<boolean> => response.ok,
      },
      required: ['url'],
    },
    (settings, { signal }) =>
      timed(settings, async () => {
        const { method, headers, fetch = globalThis.fetch } = settings;
        const response = await fetch(settings.url, { method, headers, signal, redirect: 'manual' });
        try {
          if (await settings.accepts(response)) return;
          throw wrongAnswer(`http-${response.status}`, `the service answered ${response.status}`);
        } finally {
          // An unread body would keep its connection from being used again.
          if (!response.bodyUsed) await response.body?.cancel();
        }
      }),
  );
}
