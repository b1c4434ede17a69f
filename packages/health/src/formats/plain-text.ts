import type { HealthFormat } from './health-format.ts';

const MARKS = { up: '+', degraded: '~', down: '-', unknown: '?' } as const;

/**
 * `text/plain`: the state on the first line, then one line a check.
 *
 * @example
 * ```ts
 * import { createHealth, createHealthEndpoints, plainText } from '@holdfast/health';
 *
 * createHealthEndpoints(createHealth(), { formats: [plainText()] });
 * ```
 */
export function plainText(): HealthFormat {
  return {
    mediaTypes: ['text/plain'],
    render: ({ state, checks }) =>
      [
        state,
        ...checks.map((each) => `[${MARKS[each.state]}] ${each.name} ${each.reason ?? each.state}`),
        '',
      ].join('\n'),
  };
}
