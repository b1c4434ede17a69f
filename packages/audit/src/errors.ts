/**
 * What every error of the audit log derives from. Tell them apart by `code`, which also works when two copies of the
 * package are installed.
 *
 * @example
 * ```ts
 * import type { AuditError } from '@holdfast/audit';
 *
 * const describe = (error: AuditError) => `${error.code}: ${error.message}`;
 * ```
 */
export abstract class AuditError extends Error {
  abstract readonly code: string;
}

/**
 * Another process, or another log in this one, has the directory open for writing.
 *
 * @example
 * ```ts
 * import { AuditLockedError } from '@holdfast/audit';
 *
 * const busy = (error: unknown) => error instanceof AuditLockedError;
 * ```
 */
export class AuditLockedError extends AuditError {
  override readonly name = 'AuditLockedError';
  readonly code = 'ERR_AUDIT_LOCKED';
  readonly dir: string;

  constructor(dir: string, options?: ErrorOptions) {
    super(`the audit log in ${dir} is open elsewhere; a log has one writer`, options);
    this.dir = dir;
  }
}

/** Where an {@link AuditDamagedError} found the damage. */
export interface AuditDamage {
  /** The tenant whose tree is damaged, where that is known. */
  readonly tenant: string | undefined;
  /** The index of the first entry that is damaged or missing, where that is known. */
  readonly index: number | undefined;
  /** The file, relative to the directory of the log. */
  readonly file: string;
  /** The offset in the file, in bytes, where that is known. */
  readonly offset: number | undefined;
}

/**
 * What is on disk is not what was written: shorter than a signed checkpoint, or altered. The log does not open.
 *
 * @example
 * ```ts
 * import { AuditDamagedError } from '@holdfast/audit';
 *
 * const where = (error: AuditDamagedError) => `entry ${error.index} of ${error.tenant}, ${error.file}:${error.offset}`;
 * ```
 */
export class AuditDamagedError extends AuditError implements AuditDamage {
  override readonly name = 'AuditDamagedError';
  readonly code = 'ERR_AUDIT_DAMAGED';
  readonly tenant: string | undefined;
  readonly index: number | undefined;
  readonly file: string;
  readonly offset: number | undefined;

  constructor(what: string, damage: AuditDamage, options?: ErrorOptions) {
    const at = damage.offset === undefined ? '' : ` at offset ${damage.offset}`;
    const entry =
      damage.index === undefined ? '' : ` (entry ${damage.index} of tenant ${String(damage.tenant)})`;
    super(`the audit log is damaged: ${what} in ${damage.file}${at}${entry}`, options);
    this.tenant = damage.tenant;
    this.index = damage.index;
    this.file = damage.file;
    this.offset = damage.offset;
  }
}

/**
 * An entry was not made durable: writing or syncing failed, or a file of the log was removed under it. The cause tells
 * which. The entry may or may not be found after a restart.
 *
 * @example
 * ```ts
 * import { AuditWriteError } from '@holdfast/audit';
 *
 * const diskFull = (error: AuditWriteError) => (error.cause as NodeJS.ErrnoException).code === 'ENOSPC';
 * ```
 */
export class AuditWriteError extends AuditError {
  override readonly name = 'AuditWriteError';
  readonly code = 'ERR_AUDIT_WRITE';

  constructor(cause: unknown) {
    super('the audit log could not make the entry durable', { cause });
  }
}

/**
 * As many entries as `maxPending` allows wait for the disk; this one was not taken.
 *
 * @example
 * ```ts
 * import { AuditOverloadedError } from '@holdfast/audit';
 *
 * const overloaded = (error: unknown) => error instanceof AuditOverloadedError;
 * ```
 */
export class AuditOverloadedError extends AuditError {
  override readonly name = 'AuditOverloadedError';
  readonly code = 'ERR_AUDIT_OVERLOADED';
  readonly pending: number;

  constructor(pending: number) {
    super(`the audit log takes no more entries: ${pending} are waiting for the disk`);
    this.pending = pending;
  }
}

/**
 * The disk took longer than `ackTimeoutMs`. The entry may become durable later, or not.
 *
 * @example
 * ```ts
 * import { AuditTimeoutError } from '@holdfast/audit';
 *
 * const slowDisk = (error: unknown) => error instanceof AuditTimeoutError;
 * ```
 */
export class AuditTimeoutError extends AuditError {
  override readonly name = 'AuditTimeoutError';
  readonly code = 'ERR_AUDIT_TIMEOUT';
  readonly timeoutMs: number;

  constructor(timeoutMs: number) {
    super(`the audit log did not make the entry durable within ${timeoutMs} ms`);
    this.timeoutMs = timeoutMs;
  }
}

/**
 * The log is closed.
 *
 * @example
 * ```ts
 * import { AuditClosedError } from '@holdfast/audit';
 *
 * const tooLate = (error: unknown) => error instanceof AuditClosedError;
 * ```
 */
export class AuditClosedError extends AuditError {
  override readonly name = 'AuditClosedError';
  readonly code = 'ERR_AUDIT_CLOSED';

  constructor() {
    super('the audit log is closed');
  }
}
