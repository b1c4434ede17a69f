/**
 * Why a request did not leave, or why its answer was given up:
 *
 * - `url`: not an absolute URL, with a user or password in it, or with a host that is none
 * - `protocol`, `port`, `address`: where it leads is not allowed
 * - `header`, `body`: what it carries is not allowed
 * - `unresolved`: the host has no address
 * - `redirect`: the answer leads elsewhere, more often than allowed or to where it must not
 * - `size`, `timeout`: the answer is too long, or took too long
 * - `network`: the connection failed
 */
export type EgressReason =
  | 'url'
  | 'protocol'
  | 'port'
  | 'address'
  | 'header'
  | 'body'
  | 'unresolved'
  | 'redirect'
  | 'size'
  | 'timeout'
  | 'network';

/**
 * A request did not leave, or its answer was given up. The message names the host at most: paths and queries may hold
 * secrets.
 *
 * @example
 * ```ts
 * import type { EgressError } from '@holdfast/credential-broker/egress';
 *
 * const isRefused = ({ reason }: EgressError) => reason === 'address' || reason === 'port';
 * ```
 */
export class EgressError extends Error {
  override readonly name = 'EgressError';
  readonly code = 'ERR_EGRESS';
  readonly reason: EgressReason;

  constructor(reason: EgressReason, message: string, options?: ErrorOptions) {
    super(message, options);
    this.reason = reason;
  }
}
