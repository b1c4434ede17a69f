/**
 * Why a request was not sent with a credential, or why its answer was not handed on:
 *
 * - `request`: it is none that is sent: its URL is not in normal form, its body is not what its type says, or not what a rule fills
 * - `denied`: no rule allows it
 * - `credential`: the credential has not what the rule injects
 * - `response`: the answer cannot be read, so no secret could be found in it
 */
export type InjectionReason = 'request' | 'denied' | 'credential' | 'response';

/**
 * A request was not sent with a credential, or its answer was not handed on. The message names the origin at most: no
 * path, no query and no secret.
 *
 * @example
 * ```ts
 * import type { InjectionError } from '@holdfast/credential-broker/injection';
 *
 * const status = ({ reason }: InjectionError) => (reason === 'denied' ? 403 : 400);
 * ```
 */
export class InjectionError extends Error {
  override readonly name = 'InjectionError';
  readonly code = 'ERR_INJECTION';
  readonly reason: InjectionReason;

  constructor(reason: InjectionReason, message: string) {
    super(message);
    this.reason = reason;
  }
}
