import { integer, oneOf, readOptions, type, type Rules } from '@holdfast/pipeline';
import { newEventId } from './events/clock.ts';
import type { AuditMode } from './guard.ts';
import { engineDefaults, engineRules, type EngineOptions } from './log/engine-options.ts';
import type { RedactionOptions } from './redaction/redactor.ts';
import type { WitnessPolicy } from './witness/witness-policy.ts';

/** Which values are kept apart from the log, so that they can be erased. */
export interface PersonalOptions {
  /**
   * Names of fields, such as `where.ip`, `actor.name` or `details.email`. The entry holds a salted commitment in place
   * of each value. At most one store of values a log: `personal.sqlite`, beside it.
   */
  readonly fields: readonly string[];
}

/** Who cosigns the checkpoints of the log, and how often they are asked. */
export interface WitnessOptions {
  /** The witnesses with their URLs, and how many have to sign; from `parsePolicy`. */
  readonly policy: WitnessPolicy;
  /** Milliseconds between two rounds. Default 60,000; at least 1. */
  readonly everyMs?: number | undefined;
  /** Milliseconds that a witness has to answer. Default 5,000; at least 1. */
  readonly timeoutMs?: number | undefined;
}

/** Options of {@link openAudit}. */
export interface AuditOptions extends EngineOptions {
  /** What `guard` does when the log cannot take an event: see {@link Guard}. Default `strict`. */
  readonly mode?: AuditMode | undefined;
  /** Values that are kept apart from the log. Default none. */
  readonly personal?: PersonalOptions | undefined;
  /** What is never written, besides what looks like a secret. Default nothing more. */
  readonly redaction?: RedactionOptions | undefined;
  /** Characters that `details` may have as canonical JSON. Default 1,048,576; at least 2. */
  readonly maxDetailsLength?: number | undefined;
  /** What becomes of details that make an entry larger than 65,535 bytes: kept in a file beside the log, their digest in
   * the entry, or refused. Default `digest`. */
  readonly oversized?: 'digest' | 'reject' | undefined;
  /** How many ids of events are remembered, so that one sent again is not written again. Default 100,000; at least 0. */
  readonly maxIds?: number | undefined;
  /** Milliseconds for which an id is remembered. Default 600,000; 0 to Infinity. */
  readonly idWindowMs?: number | undefined;
  /** Whether there is an index for `query`. Default `true`. */
  readonly index?: boolean | undefined;
  /** Whether the log writes that it was opened and closed, into the tree of the tenant `holdfast-audit`. Default `true`. */
  readonly lifecycle?: boolean | undefined;
  /**
   * Whether the log writes who read it: `audit.queried` before `query` answers, `audit.tailed` when a tail begins, into the
   * tree of the tenant that was read. Exports are written in any case. Default `false`.
   */
  readonly auditReads?: boolean | undefined;
  /** Who cosigns the checkpoints. Default nobody. */
  readonly witness?: WitnessOptions | undefined;
  /** Makes the ids of the entries of `guard`. Default random UUIDs. */
  readonly newId?: (() => string) | undefined;
}

/** What a log does unless told otherwise. */
export const auditDefaults = {
  ...engineDefaults,
  mode: 'strict',
  maxDetailsLength: 1_048_576,
  oversized: 'digest',
  maxIds: 100_000,
  idWindowMs: 600_000,
  index: true,
  lifecycle: true,
  auditReads: false,
  newId: newEventId,
} as const satisfies Partial<AuditOptions>;

const rules: Rules<AuditOptions> = {
  ...engineRules,
  mode: oneOf('strict', 'buffered', 'best-effort'),
  personal: (value) =>
    Array.isArray((value as Partial<PersonalOptions> | null)?.fields)
      ? undefined
      : 'must be an object with an array of fields',
  redaction: type('object'),
  maxDetailsLength: integer(2),
  oversized: oneOf('digest', 'reject'),
  maxIds: integer(0),
  idWindowMs: integer(0, Infinity),
  index: type('boolean'),
  lifecycle: type('boolean'),
  auditReads: type('boolean'),
  witness: type('object'),
  newId: type('function'),
};

/** Options with their defaults. */
export type AuditSettings = ReturnType<typeof readAuditOptions>;

export function readAuditOptions(options: AuditOptions) {
  const settings = readOptions('openAudit', options, rules, auditDefaults);
  for (const name of ['dir', 'origin', 'signer'] as const) {
    if (settings[name] === undefined) throw new TypeError(`openAudit: ${name} is required`);
  }
  return settings;
}
