/** Entries could not be made durable; their appends were rejected. */
export interface WriteFailed {
  readonly type: 'audit.write_failed';
  /** How many entries were rejected. */
  readonly entries: number;
  /** Whether only reopening the log helps: files were removed or replaced under it. */
  readonly broken: boolean;
  readonly error: unknown;
}

/** Writing works again. */
export interface WriteRecovered {
  readonly type: 'audit.write_recovered';
}

/** Tiles or a checkpoint could not be written; the entries are safe, and the next round tries again. */
export interface PublishFailed {
  readonly type: 'audit.publish_failed';
  readonly tenant: string;
  readonly error: unknown;
}

/** Segments of the write-ahead log could not be removed; it stays longer than it should, and the next round tries again. */
export interface RetireFailed {
  readonly type: 'audit.retire_failed';
  readonly error: unknown;
}

/** A checkpoint was signed and published. */
export interface CheckpointPublished {
  readonly type: 'audit.checkpoint_published';
  readonly tenant: string;
  readonly size: number;
}

/** What happens inside an engine. */
export type EngineEvent = WriteFailed | WriteRecovered | PublishFailed | RetireFailed | CheckpointPublished;
