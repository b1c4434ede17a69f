import type { Kind } from './kind.ts';

const circuitCalls = { name: 'resilience_circuit_calls_total', help: 'Calls that came to a circuit breaker' };
const retryEnds = {
  name: 'resilience_retry_ends_total',
  help: 'Calls with more than one attempt, by how they ended',
};

const CIRCUIT: Kind = {
  has: ['state', 'openings'],
  label: 'name',
  totals: [
    { from: 'successes', ...circuitCalls, labels: { outcome: 'success' } },
    { from: 'failures', ...circuitCalls, labels: { outcome: 'failure' } },
    { from: 'ignored', ...circuitCalls, labels: { outcome: 'ignored' } },
    { from: 'rejected', ...circuitCalls, labels: { outcome: 'rejected' } },
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
  states: {
    name: 'resilience_circuit_state',
    help: '1 for the state that a circuit is in, 0 for the others',
    all: ['closed', 'open', 'half-open', 'isolated', 'disabled', 'metrics-only'],
  },
};

const RETRY: Kind = {
  has: ['retries', 'recovered'],
  label: 'name',
  totals: [
    { from: 'calls', name: 'resilience_retry_calls_total', help: 'Calls that came to a retry' },
    { from: 'retries', name: 'resilience_retries_total', help: 'Attempts that followed first ones' },
    { from: 'recovered', ...retryEnds, labels: { outcome: 'recovered' } },
    { from: 'exhausted', ...retryEnds, labels: { outcome: 'attempts_exhausted' } },
    { from: 'budgetExhausted', ...retryEnds, labels: { outcome: 'budget_exhausted' } },
    { from: 'deadlineExhausted', ...retryEnds, labels: { outcome: 'deadline_exhausted' } },
  ],
  levels: [],
};

const HEDGE: Kind = {
  has: ['hedges', 'won'],
  label: 'name',
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

const TIMEOUT: Kind = {
  has: ['timeouts', 'running'],
  label: 'name',
  totals: [
    { from: 'calls', name: 'resilience_timeout_calls_total', help: 'Calls that came to a timeout' },
    { from: 'timeouts', name: 'resilience_timeouts_total', help: 'Calls that ran out of time' },
  ],
  levels: [
    { from: 'running', name: 'resilience_timeout_calls_running', help: 'Calls that a timeout watches' },
  ],
};

const CHAOS: Kind = {
  has: ['calls', 'injected'],
  label: 'name',
  totals: [
    { from: 'calls', name: 'resilience_chaos_calls_total', help: 'Calls that faults may be injected into' },
    {
      from: 'injected',
      name: 'resilience_chaos_faults_total',
      help: 'Faults that were injected, by kind',
      by: 'kind',
    },
  ],
  levels: [],
};

/** Strategies that guard calls. */
export const STRATEGIES: readonly Kind[] = [CIRCUIT, RETRY, HEDGE, TIMEOUT, CHAOS];
