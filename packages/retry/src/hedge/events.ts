/** Another attempt was started beside those that run, or the budget had nothing left for it. */
export interface HedgeStartedEvent {
  readonly type: 'hedge.started' | 'hedge.budget_exhausted';
  readonly strategy: string;
  /** The number of the attempt, from 2. */
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
export type HedgeEvent = HedgeStartedEvent | HedgeWonEvent;
