/** A quorum of witnesses cosigned a checkpoint, and it was published. */
export interface CheckpointWitnessed {
  readonly type: 'audit.checkpoint_witnessed';
  readonly origin: string;
  readonly size: number;
  /** The witnesses that cosigned it. */
  readonly witnesses: readonly string[];
}

/** A witness did not cosign, or what a quorum cosigned could not be published. */
export interface WitnessFailed {
  readonly type: 'audit.witness_failed';
  readonly origin: string;
  /** What the policy calls the witness; nothing where it was the publishing that failed. */
  readonly witness: string | undefined;
  readonly error: unknown;
}

/** Too few witnesses cosigned; nothing was published, and the next round tries again. */
export interface QuorumMissed {
  readonly type: 'audit.quorum_missed';
  readonly origin: string;
  readonly size: number;
  /** The witnesses that cosigned all the same. */
  readonly witnesses: readonly string[];
}

/** What happens between a log and its witnesses. */
export type WitnessEvent = CheckpointWitnessed | WitnessFailed | QuorumMissed;
