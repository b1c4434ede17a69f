import { createHmac, timingSafeEqual } from 'node:crypto';

/** The header that carries the signature of a webhook. */
export const WEBHOOK_SIGNATURE_HEADER = 'holdfast-signature';

/** Signs a body for an instant: `t=<milliseconds>,v1=<hex of HMAC-SHA256 over "<milliseconds>.<body>">`. */
export function signWebhook(secret: string, body: string, atMs: number): string {
  return `t=${atMs},v1=${createHmac('sha256', secret).update(`${atMs}.${body}`).digest('hex')}`;
}

/** What a receiver checks a webhook with. */
export interface WebhookCheck {
  readonly secret: string;
  /** The body as it came, before it is parsed. */
  readonly body: string;
  /** The header `holdfast-signature`. */
  readonly signature: string | null | undefined;
  /** The time now, in milliseconds since the Unix epoch. */
  readonly nowMs: number;
  /** How far the time of the signature may be from now, in milliseconds. Default 300,000. */
  readonly toleranceMs?: number | undefined;
}

/**
 * Whether a webhook was signed with the secret, not long ago.
 *
 * @example
 * ```ts
 * import { verifyWebhook } from '@holdfast/audit/sinks';
 *
 * const accepts = (body: string, headers: Headers) =>
 *   verifyWebhook({ secret: 'at-least-32-random-characters...', body, signature: headers.get('holdfast-signature'), nowMs: Date.now() });
 * ```
 */
export function verifyWebhook({
  secret,
  body,
  signature,
  nowMs,
  toleranceMs = 300_000,
}: WebhookCheck): boolean {
  const atMs = Number(/^t=(\d{1,15}),v1=[0-9a-f]{64}$/.exec(signature ?? '')?.[1] ?? NaN);
  if (!(Math.abs(nowMs - atMs) <= toleranceMs)) return false;
  return timingSafeEqual(Buffer.from(signature ?? ''), Buffer.from(signWebhook(secret, body, atMs)));
}
