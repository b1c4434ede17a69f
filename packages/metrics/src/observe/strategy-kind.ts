/** What a strategy has counted since it was made; totals only grow. */
export type StrategyStats = Readonly<Record<string, unknown>>;

/** A total that becomes a counter. */
interface Total {
  readonly from: string;
  readonly name: string;
  readonly help: string;
  readonly outcome?: string;
}

/** A number that becomes a gauge. */
interface Level {
  readonly from: string;
  readonly name: string;
  readonly help: string;
}

/** How the numbers of one kind of strategy are called as metrics. */
export interface StrategyKind {
  /** The fields that only this kind has. */
  readonly has: readonly string[];
  readonly totals: readonly Total[];
  readonly levels: readonly Level[];
  /** The states that it may be in, if it has any. */
  readonly states?: readonly string[];
}

const circuitCalls = { name: 'resilience_circuit_calls_total', help: 'Calls that came to a circuit breaker' };
const retryEnds = {
  name: 'resilience_retry_ends_total',
  help: 'Calls with more than one attempt, by how they ended',
};

const CIRCUIT: StrategyKind = {
  has: ['state', 'openings'],
  totals: [
    { from: 'successes', ...circuitCalls, outcome: 'success' },
    { from: 'failures', ...circuitCalls, outcome: 'failure' },
    { from: 'ignored', ...circuitCalls, outcome: 'ignored' },
    { from: 'rejected', ...circuitCalls, outcome: 'rejected' },
    { from: 'openings', name: 'resilience_circuit_openings_total', help: 'How often a circuit has opened' },
  ],
  levels: [
    { from: 'inFlight', name: 'resilience_circuit_calls_running', help: 'Calls behind a circuit breaker' },
    {
      from: 'waiting',
      name: 'resilience_circuit_calls_waiting',
      help: 'Calls that wait for a half-open circuit',
    },
  ],
  states: ['closed', 'open', 'half-open', 'isolated', 'disabled', 'metrics-only'],
};

const RETRY: StrategyKind = {
  has: ['retries', 'recovered'],
  totals: [
    { from: 'calls', name: 'resilience_retry_calls_total', help: 'Calls that came to a retry' },
    { from: 'retries', name: 'resilience_retries_total', help: 'Attempts that followed first ones' },
    { from: 'recovered', ...retryEnds, outcome: 'recovered' },
    { from: 'exhausted', ...retryEnds, outcome: 'attempts_exhausted' },
    { from: 'budgetExhausted', ...retryEnds, outcome: 'budget_exhausted' },
    { from: 'deadlineExhausted', ...retryEnds, outcome: 'deadline_exhausted' },
  ],
  levels: [],
};

const HEDGE: StrategyKind = {
  has: ['hedges', 'won'],
  totals: [
    { from: 'calls', name: 'resilience_hedge_calls_total', help: 'Calls that came to a hedge' },
    { from: 'hedges', name: 'resilience_hedges_total', help: 'Attempts that were started beside first ones' },
    {
      from: 'won',
      name: 'resilience_hedges_won_total',
      help: 'Attempts beside first ones that answered first',
    },
    {
      from: 'budgetExhausted',
      name: 'resilience_hedges_refused_total',
      help: 'Attempts for which the budget had nothing left',
    },
  ],
  levels: [],
};

const TIMEOUT: StrategyKind = {
  has: ['timeouts', 'running'],
  totals: [
    { from: 'calls', name: 'resilience_timeout_calls_total', help: 'Calls that came to a timeout' },
    { from: 'timeouts', name: 'resilience_timeouts_total', help: 'Calls that ran out of time' },
  ],
  levels: [
    { from: 'running', name: 'resilience_timeout_calls_running', help: 'Calls that a timeout watches' },
  ],
};

/** What a strategy is, told from what it counts. */
export function kindOf(stats: StrategyStats): StrategyKind | undefined {
  return [CIRCUIT, RETRY, HEDGE, TIMEOUT].find(({ has }) => has.every((field) => field in stats));
}
