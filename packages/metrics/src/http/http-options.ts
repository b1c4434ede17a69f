import { readOptions, type, type Rules } from '@holdfast/pipeline';
import { bucketsRule, DURATION_BUCKETS } from '../instruments/buckets.ts';

/** What the HTTP middleware takes. */
export interface HttpMetricsOptions {
  /** The bounds of the durations, in seconds, ascending. Default: those of the OpenTelemetry conventions, 5 ms to 10 s. */
  readonly buckets?: readonly number[] | undefined;
  /** Whether the sizes of bodies are observed too: of requests as declared, of answers as sent. Default `true`. */
  readonly bodySizes?: boolean | undefined;
}

/** What the HTTP middleware does unless told otherwise. */
export const httpMetricsDefaults = { buckets: DURATION_BUCKETS, bodySizes: true } as const;

const rules: Rules<HttpMetricsOptions> = { buckets: bucketsRule, bodySizes: type('boolean') };

export function readHttpOptions(owner: string, options: HttpMetricsOptions) {
  return readOptions(owner, options, rules, httpMetricsDefaults);
}
