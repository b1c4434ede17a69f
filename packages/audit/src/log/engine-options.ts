import {
  having,
  integer,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rules,
} from '@holdfast/pipeline';
import type { AuditFiles } from '../files/audit-files.ts';
import { diskFiles } from '../files/disk-files.ts';
import { keyNameRule } from '../note/key-name.ts';
import type { Signer } from '../note/signer.ts';

/** Options of the durable part of the log. */
export interface EngineOptions {
  /** The directory of the log; made when it is missing. One process at a time has it open. */
  readonly dir: string;
  /**
   * What the log is called for all time: a URL without scheme, such as `audit.example/prod`. The tree of a tenant is
   * `<origin>/<tenant>`.
   */
  readonly origin: string;
  /** The key that signs the checkpoints. */
  readonly signer: Signer;
  /** How many entries may wait for the disk; more are refused. Default 65,536; at least 1. */
  readonly maxPending?: number | undefined;
  /** Milliseconds that an append waits for the disk. Default 2,000; 1 to Infinity. */
  readonly ackTimeoutMs?: number | undefined;
  /**
   * Milliseconds between two checkpoints of a tree that changes. Default 1,000; at least 1. Longer where signing and
   * writing for all trees that changed takes more than a quarter of it.
   */
  readonly checkpointEveryMs?: number | undefined;
  /**
   * Bytes after which a segment of the write-ahead log is sealed; opening reads one or two of them. Default 67,108,864;
   * 4,096 to 1,073,741,824.
   */
  readonly segmentBytes?: number | undefined;
  /** The file system. Default the machine's. */
  readonly files?: AuditFiles | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
  /** Where errors of listeners go. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
}

/** What the engine does unless told otherwise. */
export const engineDefaults = {
  maxPending: 65_536,
  ackTimeoutMs: 2_000,
  checkpointEveryMs: 1_000,
  segmentBytes: 64 * 1024 * 1024,
  files: diskFiles,
  clock: systemClock,
  onListenerError: console.error as ListenerErrorHandler,
} as const satisfies Partial<EngineOptions>;

/** The rules for the options of the engine. */
export const engineRules: Rules<EngineOptions> = {
  dir: (value) => (typeof value === 'string' && value !== '' ? undefined : 'must be a path'),
  origin: keyNameRule,
  signer: (value) => {
    const broken = having('sign')(value);
    const publicKey = (value as Partial<Signer> | undefined)?.publicKey;
    if (broken !== undefined) return broken;
    return publicKey instanceof Uint8Array && publicKey.length === 32
      ? undefined
      : 'must have a publicKey of 32 bytes';
  },
  maxPending: integer(1),
  ackTimeoutMs: integer(1, Infinity),
  checkpointEveryMs: integer(1),
  segmentBytes: integer(4096, 2 ** 30),
  files: having('create', 'read', 'replace', 'sync'),
  clock: having('now', 'wallNow', 'setTimer'),
  onListenerError: type('function'),
};

/** Options with their defaults. */
export type EngineSettings = ReturnType<typeof readEngineOptions>;

export function readEngineOptions(options: EngineOptions) {
  const settings = readOptions('openEngine', options, engineRules, engineDefaults);
  for (const name of ['dir', 'origin', 'signer'] as const) {
    if (settings[name] === undefined) throw new TypeError(`openEngine: ${name} is required`);
  }
  return settings;
}
