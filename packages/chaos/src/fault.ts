/** What a call was given to tell it apart by: `host`, `tenant`, `tool`. */
export type Attributes = Readonly<Record<string, string>>;

/** A part of the time, in milliseconds since the strategy was enabled. */
export interface Period {
  /** When it begins. At least 0. */
  readonly fromMs: number;
  /** When it ends, itself not included. More than `fromMs`; `Infinity` never ends it. */
  readonly untilMs: number;
  /** Repeats the period: counts time anew each so many milliseconds. At least `untilMs`. Default: never. */
  readonly everyMs?: number | undefined;
}

/** Which calls a fault meets. All conditions have to hold. */
export interface FaultConditions {
  /** The share of calls that it meets, 0 to 1. */
  readonly ratio: number;
  /** Chooses calls by their attributes, e.g. one host. Default: all. */
  readonly when?: ((attributes: Attributes) => boolean) | undefined;
  /** Limits the fault to a part of the time. Default: as long as the strategy is enabled. */
  readonly during?: Period | undefined;
}

/** The call fails, and its operation never starts. */
export interface ErrorFault extends FaultConditions {
  readonly kind: 'error';
  /** Makes what is thrown. */
  readonly error: () => unknown;
}

/** The call is delayed before its operation starts. */
export interface LatencyFault extends FaultConditions {
  readonly kind: 'latency';
  /** Milliseconds, at least 0; two numbers are the bounds between which each delay is drawn. */
  readonly delayMs: number | readonly [min: number, max: number];
}

/** The call succeeds with a value of the fault's, and its operation never starts. For a stream the value has to be iterable. */
export interface ResultFault<W> extends FaultConditions {
  readonly kind: 'result';
  /** Makes the value. */
  readonly result: () => W;
}

/** The call never settles by itself, and its operation never starts: only a timeout or an abort ends it. */
export interface HangFault extends FaultConditions {
  readonly kind: 'hang';
}

/** Something that may happen to a call. */
export type Fault<W = never> = ErrorFault | LatencyFault | ResultFault<W> | HangFault;

/** Whether a fault's period covers an instant, in milliseconds since the strategy was enabled. */
export function covers(during: Period | undefined, atMs: number): boolean {
  if (during === undefined) return true;
  const { fromMs, untilMs, everyMs } = during;
  const sinceMs = everyMs === undefined ? atMs : atMs % everyMs;
  return sinceMs >= fromMs && sinceMs < untilMs;
}
