/**
 * Why a file of leases cannot be used: another process has it, what stands in it cannot be right, a write did not
 * reach the disk, or it was closed.
 */
export type LeaseFileFailure = 'locked' | 'corrupt' | 'failed' | 'closed';

const WORDS: Readonly<Record<LeaseFileFailure, string>> = {
  locked: 'another store has the folder of leases',
  corrupt: 'the file of leases is damaged',
  failed: 'a write to the file of leases failed; open it again',
  closed: 'the file of leases was closed',
};

/**
 * A file of leases cannot be used.
 *
 * @example
 * ```ts
 * import type { LeaseFileError } from '@holdfast/credential-broker';
 *
 * const isTaken = (error: LeaseFileError) => error.failure === 'locked';
 * ```
 */
export class LeaseFileError extends Error {
  override readonly name = 'LeaseFileError';
  readonly code = 'ERR_LEASE_FILE';
  readonly failure: LeaseFileFailure;

  constructor(failure: LeaseFileFailure, options?: ErrorOptions) {
    super(WORDS[failure], options);
    this.failure = failure;
  }
}
