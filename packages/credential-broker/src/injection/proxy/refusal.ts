import { BackendError } from '../../backends/backend-error.ts';
import { BrokerError, type BrokerErrorCode } from '../../broker/errors.ts';
import { EgressError } from '../../egress/egress-error.ts';
import { InjectionError, type InjectionReason } from '../injection-error.ts';

/** The proxy does not take a request. */
export class Refusal extends Error {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;

  constructor(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
    super(message);
    this.status = status;
    this.headers = headers;
  }
}

const OF_INJECTION: Readonly<Record<InjectionReason, number>> = {
  request: 400,
  denied: 403,
  credential: 502,
  response: 502,
};

const OF_BROKER: Partial<Readonly<Record<BrokerErrorCode, number>>> = {
  ERR_BROKER_RATE_LIMITED: 429,
  ERR_BROKER_AUDIT: 503,
  ERR_BROKER_STORE: 503,
  ERR_BROKER_CLOSED: 503,
};

/** What a client is told of an error: nothing of one that is not known to be safe to show. */
export function toRefusal(error: unknown): Refusal {
  if (error instanceof Refusal) return error;
  if (error instanceof InjectionError) return new Refusal(OF_INJECTION[error.reason], error.message);
  if (error instanceof EgressError) return new Refusal(error.reason === 'timeout' ? 504 : 502, error.message);
  if (error instanceof BackendError) return new Refusal(503, 'there is no credential to be had');
  if (!(error instanceof BrokerError)) return new Refusal(500, 'the proxy failed');
  const { code, message, retryAfterMs } = error;
  const headers =
    retryAfterMs === undefined ? {} : { 'retry-after': String(Math.ceil(retryAfterMs / 1_000)) };
  return new Refusal(OF_BROKER[code] ?? 403, message, headers);
}
