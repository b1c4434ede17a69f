import {
  having,
  integer,
  readOptions,
  systemClock,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { Broker } from '../broker/broker.ts';
import type { Egress } from '../egress/egress.ts';
import type { Redactor } from '../redaction/redactor.ts';
import { compileRules, type CompiledRule } from './compile-rules.ts';
import type { InjectionRule } from './injection-rule.ts';

/** What {@link createInjector} takes. */
export interface InjectorOptions {
  /** Where the leases are; it decides who may use them, and writes every use down. */
  readonly broker: Pick<Broker, 'withSecret'>;
  /** The way out. */
  readonly egress: Egress;
  /** Finds secrets in answers. It knows each from before it is sent until the answer is read. */
  readonly redactor: Redactor;
  /** Which requests are sent with which credential; all others are refused. */
  readonly rules: readonly InjectionRule[];
  /** The longest body of a request, in bytes. At least 0. Default 1 MiB. */
  readonly maxRequestBytes?: number | undefined;
  /** The longest body of an answer, in bytes; the egress may allow less. At least 0. Default 10 MiB. */
  readonly maxResponseBytes?: number | undefined;
  /**
   * How long it may take until an answer is read, from when the credential is there, in milliseconds; the egress may
   * allow less. 1 to 600,000. Default 30,000.
   */
  readonly timeoutMs?: number | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What an injector does unless told otherwise. */
export const injectorDefaults = {
  maxRequestBytes: 1_048_576,
  maxResponseBytes: 10_485_760,
  timeoutMs: 30_000,
  clock: systemClock,
} satisfies Partial<InjectorOptions>;

/** What an injector goes by. */
export type InjectorSettings = Readonly<Omit<InjectorOptions & typeof injectorDefaults, 'rules'>> & {
  readonly rules: readonly CompiledRule[];
};

const ruleList: Rule = (value) =>
  Array.isArray(value) && value.length >= 1 && value.length <= 1_000
    ? undefined
    : 'must be a list of 1 to 1000 rules';

const RULES: Rules<InjectorOptions> = {
  broker: having('withSecret'),
  egress: having('fetch'),
  redactor: having('register', 'cleanBytes', 'stream'),
  rules: ruleList,
  maxRequestBytes: integer(0),
  maxResponseBytes: integer(0),
  timeoutMs: integer(1, 600_000),
  clock: having('now', 'setTimer'),
};

/** Checks options and fills in the defaults. */
export function readInjectorOptions(options: InjectorOptions): InjectorSettings {
  const settings = readOptions('createInjector', options, RULES, injectorDefaults);
  for (const name of ['broker', 'egress', 'redactor', 'rules'] as const) {
    if (settings[name] === undefined) throw new TypeError(`createInjector: ${name} must be given`);
  }
  return { ...settings, rules: compileRules(settings.rules) };
}
