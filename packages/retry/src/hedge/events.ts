/** Another attempt was started beside those that run. */
export interface HedgeStartedEvent {
  readonly type: 'hedge.started';
  readonly strategy: string;
  /** The number of the attempt, from 2. */
  readonly attempt: number;
}

/** The budget had nothing left for another attempt. */
export interface HedgeBudgetExhaustedEvent {
  readonly type: 'hedge.budget_exhausted';
  readonly strategy: string;
  /** The number of the attempt that was not started, from 2. */
  readonly attempt: number;
}

/** An attempt other than the first answered first. */
export interface HedgeWonEvent {
  readonly type: 'hedge.won';
  readonly strategy: string;
  /** The number of the attempt, from 2. */
  readonly attempt: number;
}

/** What a {@link hedge} tells. */
export type HedgeEvent = HedgeStartedEvent | HedgeBudgetExhaustedEvent | HedgeWonEvent;
