import type { Cosigned } from '../witness/open-checkpoint.ts';
import type { Finding } from './finding.ts';

/** What a verification found out. */
export interface VerifyReport {
  /** Whether everything holds: there are no findings. */
  readonly ok: boolean;
  /** The log, as its checkpoint names it; empty where there is no valid one. */
  readonly origin: string;
  /** How many entries the checkpoint covers. */
  readonly size: number;
  /** The signed root, in base64. */
  readonly root: string;
  /** How many entries were read and hashed. */
  readonly entriesRead: number;
  /** The first entry that was not pruned; 0 for a log that is whole. */
  readonly minimumIndex: number;
  /** Up to how many entries the witnesses of the policy vouch for the log; 0 for none. */
  readonly witnessedSize: number;
  /** The witnesses that do. */
  readonly cosigned: readonly Cosigned[];
  /** What does not hold, in the order of discovery. */
  readonly findings: readonly Finding[];
  /** Whether there was more to find than `maxFindings`. */
  readonly truncated: boolean;
}
