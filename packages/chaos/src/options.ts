import {
  check,
  having,
  integer,
  number,
  oneOf,
  readOptions,
  systemClock,
  type,
  type Clock,
  type ListenerErrorHandler,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import type { ErrorFault, Fault, HangFault, LatencyFault, Period, ResultFault } from './fault.ts';

/** What {@link chaos} takes. */
export interface ChaosOptions<W = never> {
  /** What may happen to a call, in this order: delays add up, anything else ends the call. */
  readonly faults: readonly Fault<W>[];
  /** Whether faults are injected from the start; {@link Chaos.enable} does so later. Default `false`. */
  readonly enabled?: boolean | undefined;
  /** Chooses which calls are met; the same seed and order of calls give the same faults. A whole number. Default 1. */
  readonly seed?: number | undefined;
  /** Names the strategy in events. Default `chaos`. */
  readonly name?: string | undefined;
  /** Hears of listeners and conditions that throw. Default `console.error`. */
  readonly onListenerError?: ListenerErrorHandler | undefined;
  /** Where time comes from. Default: the system's clock. */
  readonly clock?: Clock | undefined;
}

/** What a {@link chaos} does unless told otherwise. */
export const chaosDefaults = {
  enabled: false,
  seed: 1,
  name: 'chaos',
  onListenerError: console.error as ListenerErrorHandler,
  clock: systemClock,
} as const satisfies Partial<ChaosOptions>;

const list: Rule = (value) => (Array.isArray(value) ? undefined : 'must be an array');

const rules: Rules<ChaosOptions<unknown>> = {
  faults: list,
  enabled: type('boolean'),
  seed: integer(Number.MIN_SAFE_INTEGER),
  name: type('string'),
  onListenerError: type('function'),
  clock: having('now', 'wallNow', 'setTimer'),
};

const delay: Rule = (value) => {
  const [min, max] = Array.isArray(value) ? (value as unknown[]) : [value, value];
  const passes = number(0)(min) === undefined && number(min as number)(max) === undefined;
  return passes ? undefined : 'must be milliseconds >= 0, or two of them with the smaller first';
};

const conditions = { ratio: number(0, 1), when: type('function'), during: type('object') };
const faultRules = {
  error: { kind: type('string'), ...conditions, error: type('function') } satisfies Rules<ErrorFault>,
  latency: { kind: type('string'), ...conditions, delayMs: delay } satisfies Rules<LatencyFault>,
  result: {
    kind: type('string'),
    ...conditions,
    result: type('function'),
  } satisfies Rules<ResultFault<unknown>>,
  hang: { kind: type('string'), ...conditions } satisfies Rules<HangFault>,
};
const KINDS = oneOf(...Object.keys(faultRules));

/** Options as {@link chaos} works with them. */
export type ChaosSettings<W> = Readonly<ChaosOptions<W> & typeof chaosDefaults>;

/** Checks options, each fault included, and fills in the defaults. */
export function readChaosOptions<W>(options: ChaosOptions<W>): ChaosSettings<W> {
  const settings = readOptions<ChaosOptions<W>, typeof chaosDefaults>('chaos', options, rules, chaosDefaults);
  check('chaos: faults', settings.faults, list);
  return { ...settings, faults: settings.faults.map((fault, index) => readFault(fault, index)) };
}

function readFault<W>(fault: Fault<W>, index: number): Fault<W> {
  const owner = `chaos: faults[${index}]`;
  check(owner, fault, type('object'));
  check(`${owner}.kind`, fault.kind, KINDS);
  const ofKind: Readonly<Record<string, Rule>> = faultRules[fault.kind];
  const read = readOptions(owner, fault, ofKind as unknown as Rules<Fault<W>>, {});
  for (const required of ['ratio', 'error', 'delayMs', 'result']) {
    const rule = ofKind[required];
    if (rule !== undefined)
      check(`${owner}.${required}`, (read as Partial<Record<string, unknown>>)[required], rule);
  }
  if (read.during !== undefined) readPeriod(`${owner}.during`, read.during);
  return read;
}

function readPeriod(owner: string, during: Period): void {
  const { fromMs, untilMs, everyMs } = readOptions(
    owner,
    during,
    { fromMs: number(0), untilMs: number(0), everyMs: number(0) },
    {},
  );
  check(`${owner}.fromMs`, fromMs, number(0));
  check(`${owner}.untilMs`, untilMs, number(fromMs));
  if (everyMs !== undefined) check(`${owner}.everyMs`, everyMs, number(untilMs));
}
