import { AuditError } from '../errors.ts';

/**
 * What a proof lacks: it is no proof at all, the entry is not the one that the log has there, or fewer witnesses
 * cosigned than the policy asks for.
 */
export type ProofFault = 'malformed' | 'not-in-log' | 'not-witnessed';

/**
 * A proof does not hold.
 *
 * @example
 * ```ts
 * import { checkProof, ProofError, type WitnessPolicy } from '@holdfast/audit';
 *
 * function holds(proof: string, entry: Uint8Array, policy: WitnessPolicy): boolean {
 *   try {
 *     return checkProof(proof, entry, policy).size > 0;
 *   } catch (error) {
 *     if (error instanceof ProofError) return false;
 *     throw error;
 *   }
 * }
 * ```
 */
export class ProofError extends AuditError {
  override readonly name = 'ProofError';
  readonly code = 'ERR_AUDIT_PROOF';
  /** What the proof lacks. */
  readonly fault: ProofFault;

  constructor(fault: ProofFault, message: string) {
    super(message);
    this.fault = fault;
  }
}
