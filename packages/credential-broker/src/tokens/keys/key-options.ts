import { number, readOptions, type Rule, type Rules } from '@holdfast/pipeline';
import type { ScheduledKey } from './key-schedule.ts';

/** When a key is used, and what it is called. */
export interface KeyOptions {
  /** The id of the key, unlike that of any other: 1 to 64 visible characters. Default its thumbprint (RFC 7638). */
  readonly kid?: string | undefined;
  /**
   * From when on it makes new tokens, in milliseconds since the Unix epoch. Until then it is only published, so that
   * everybody knows it in time. Default 0.
   */
  readonly notBeforeMs?: number | undefined;
  /** From when on nothing made with it is accepted, in milliseconds since the Unix epoch. Default Infinity. */
  readonly retireAtMs?: number | undefined;
}

/** The same for a secret key, whose thumbprint would tell something of it. */
export interface NamedKeyOptions extends KeyOptions {
  readonly kid: string;
}

const kidRule: Rule = (value) =>
  typeof value === 'string' && /^[\x21-\x7e]{1,64}$/.test(value)
    ? undefined
    : 'must be 1 to 64 visible ASCII characters';

const rules: Rules<KeyOptions> = {
  kid: kidRule,
  notBeforeMs: number(0),
  retireAtMs: number(0),
};

/** Reads the options of a key whose own id is `kid`, if it has one. */
export function readKeyOptions(owner: string, options: KeyOptions, kid?: string): ScheduledKey {
  const read = readOptions(owner, options, rules, { kid, notBeforeMs: 0, retireAtMs: Infinity });
  if (read.kid === undefined) throw new TypeError(`${owner}: kid is required`);
  return { kid: read.kid, notBeforeMs: read.notBeforeMs, retireAtMs: read.retireAtMs };
}
