import { AuditError } from '../errors.ts';

/**
 * Why a witness did not cosign: it does not know the log, does not accept its signature or the proof, has seen another
 * tree of this size (`forked`) or a larger one than there is (`rolled-back`), or its answer made no sense.
 */
export type WitnessFault =
  'unknown-log' | 'bad-signature' | 'bad-proof' | 'forked' | 'rolled-back' | 'bad-answer';

const REASONS: Readonly<Record<WitnessFault, string>> = {
  'unknown-log': 'does not know the log',
  'bad-signature': 'does not accept the signature of the log',
  'bad-proof': 'does not accept that the log only grew',
  forked: 'has cosigned another tree of the same size',
  'rolled-back': 'has cosigned a larger tree than there is now',
  'bad-answer': 'gave an answer that is no cosignature',
};

/**
 * A witness refused to cosign a checkpoint. `forked` and `rolled-back` are alarms: the log is not what it was.
 *
 * @example
 * ```ts
 * import { WitnessError } from '@holdfast/audit';
 *
 * const alarming = (error: unknown) =>
 *   error instanceof WitnessError && ['forked', 'rolled-back', 'bad-proof'].includes(error.fault);
 * ```
 */
export class WitnessError extends AuditError {
  override readonly name = 'WitnessError';
  readonly code = 'ERR_AUDIT_WITNESS';
  /** What the policy calls the witness. */
  readonly witness: string;
  /** Why it refused. */
  readonly fault: WitnessFault;

  constructor(witness: string, fault: WitnessFault) {
    super(`the witness ${witness} ${REASONS[fault]}`);
    this.witness = witness;
    this.fault = fault;
  }
}
