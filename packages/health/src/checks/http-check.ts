import { type, type Rule } from '@holdfast/pipeline';
import type { CheckOverrides, HealthCheck } from '../check.ts';
import { defineCheck } from './define-check.ts';
import { slowDefaults, slowRules, timed, wrongAnswer, type SlowOptions } from './slow.ts';

/** What {@link httpCheck} takes. */
export interface HttpCheckOptions extends CheckOverrides, SlowOptions {
  /** What to ask. */
  readonly url: string | URL;
  /** Default `GET`. */
  readonly method?: string | undefined;
  /** Sent with the request. Default: none. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** Whether the answer is a good one. Default: its status is 200 to 299; a redirect, e.g. to a login, is not. */
  readonly accepts?: ((response: Response) => boolean | PromiseLike<boolean>) | undefined;
  /** How to ask. Default: the platform's `fetch`. */
  readonly fetch?: typeof globalThis.fetch | undefined;
}

const url: Rule = (value) => (URL.canParse(String(value)) ? undefined : 'must be an absolute URL');

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
      rules: {
        ...slowRules,
        url,
        method: type('string'),
        headers: type('object'),
        accepts: type('function'),
        fetch: type('function'),
      },
      defaults: {
        ...slowDefaults,
        name: 'http',
        method: 'GET',
        headers: {},
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
