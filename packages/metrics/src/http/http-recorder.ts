import type { Clock } from '@holdfast/pipeline';
import { SIZE_BUCKETS } from '../instruments/buckets.ts';
import type { BoundGauge } from '../instruments/gauge.ts';
import type { Metrics } from '../metrics.ts';
import type { HttpMetricsOptions } from './http-options.ts';

/** The methods that are told apart; any other is `_OTHER`, as in the OpenTelemetry conventions. */
const METHODS = [
  'CONNECT',
  'DELETE',
  'GET',
  'HEAD',
  'OPTIONS',
  'PATCH',
  'POST',
  'PUT',
  'QUERY',
  'TRACE',
] as const;
const LABELS = ['http_request_method', 'http_route', 'http_response_status_code', 'error_type'] as const;
const CLOSED = { values: { http_request_method: METHODS } };

/** What is known about a request when it is over. */
export interface FinishedRequest {
  readonly method: string;
  /** The template that it matched. Without one all requests share a series: their paths are up to whoever sends them. */
  readonly route: string | undefined;
  /** Undefined when no answer was sent. */
  readonly status: number | undefined;
  /** Whether the connection ended before the answer did. */
  readonly aborted: boolean;
  readonly startedAtMs: number;
  /** The sizes of the bodies: numbers, or Content-Length headers as they are. */
  readonly requestBytes: unknown;
  readonly responseBytes: unknown;
}

/** Counts requests under the names of the OpenTelemetry conventions. */
export class HttpRecorder {
  readonly clock: Clock;
  private readonly bodySizes: boolean;
  private readonly active;
  private readonly durations;
  private readonly requestSizes;
  private readonly responseSizes;

  constructor(metrics: Metrics, { buckets, bodySizes }: Required<HttpMetricsOptions>) {
    this.clock = metrics.clock;
    this.bodySizes = bodySizes === true;
    this.active = metrics.gauge({
      name: 'http_server_active_requests',
      help: 'Requests that are being served',
      labels: ['http_request_method'],
      ...CLOSED,
    });
    this.durations = metrics.histogram({
      name: 'http_server_request_duration_seconds',
      help: 'How long requests took to serve',
      labels: LABELS,
      ...CLOSED,
      buckets,
    });
    this.requestSizes = this.sizes(metrics, 'http_server_request_body_size_bytes', 'Sizes of request bodies');
    this.responseSizes = this.sizes(
      metrics,
      'http_server_response_body_size_bytes',
      'Sizes of response bodies',
    );
  }

  private sizes(metrics: Metrics, name: string, help: string) {
    return this.bodySizes
      ? metrics.histogram({ name, help, labels: LABELS, ...CLOSED, buckets: SIZE_BUCKETS })
      : undefined;
  }

  /** Counts a request that has begun; whoever calls lowers the gauge when it is over. */
  begin(method: string): BoundGauge {
    const active = this.active.with(method as 'GET');
    active.inc();
    return active;
  }

  /** Records a request that is over. */
  end(request: FinishedRequest): void {
    const { route = '', aborted, status } = request;
    const method = request.method as 'GET';
    const code = status === undefined ? '' : String(status);
    const error = aborted ? 'aborted' : status !== undefined && status >= 500 ? code : '';
    this.durations.with(method, route, code, error).observe((this.clock.now() - request.startedAtMs) / 1000);
    const requestBytes = byteLength(request.requestBytes);
    if (requestBytes !== undefined) this.requestSizes?.with(method, route, code, error).observe(requestBytes);
    const responseBytes = byteLength(request.responseBytes);
    if (responseBytes !== undefined)
      this.responseSizes?.with(method, route, code, error).observe(responseBytes);
  }
}

function byteLength(header: unknown): number | undefined {
  if (header === undefined || header === null) return undefined;
  const bytes = Number(header);
  return Number.isInteger(bytes) && bytes >= 0 ? bytes : undefined;
}
