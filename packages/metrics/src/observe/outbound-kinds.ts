import type { Kind } from './kind.ts';

const fetchCalls = { name: 'resilience_fetch_calls_total', help: 'Calls of a guarded fetch' };
const asked = {
  name: 'resilience_failover_asked_total',
  help: 'How often a provider was asked, by what became of it',
  by: 'provider',
};

const FETCH: Kind = {
  has: ['attempts', 'bodyFailures'],
  label: 'name',
  totals: [
    { from: 'calls', ...fetchCalls },
    { from: 'attempts', name: 'resilience_fetch_attempts_total', help: 'Requests that were sent for calls' },
    { from: 'retries', name: 'resilience_fetch_retries_total', help: 'Requests that followed first ones' },
    {
      from: 'recovered',
      name: 'resilience_fetch_recovered_total',
      help: 'Calls that succeeded at a later request',
    },
    {
      from: 'timeouts',
      name: 'resilience_fetch_timeouts_total',
      help: 'Calls and requests that ran out of time before their response began',
    },
    { from: 'refused', name: 'resilience_fetch_refused_total', help: 'Calls that a circuit breaker refused' },
    {
      from: 'bodyFailures',
      name: 'resilience_fetch_body_failures_total',
      help: 'Bodies that stalled or broke off',
    },
  ],
  levels: [
    {
      from: 'running',
      name: 'resilience_fetch_calls_running',
      help: 'Calls that wait for their response',
    },
  ],
};

const FAILOVER: Kind = {
  has: ['answered', 'failed'],
  label: 'name',
  totals: [
    { from: 'answered', ...asked, labels: { outcome: 'answered' } },
    { from: 'failed', ...asked, labels: { outcome: 'failed' } },
  ],
  levels: [],
};

const COST: Kind = {
  has: ['spent', 'reserved', 'remaining'],
  label: 'name',
  totals: [
    { from: 'refused', name: 'resilience_cost_refused_total', help: 'Calls that the budget had nothing for' },
  ],
  levels: [
    { from: 'spent', name: 'resilience_cost_spent', help: 'What was spent in the window of a budget' },
    { from: 'reserved', name: 'resilience_cost_reserved', help: 'What running calls are expected to cost' },
    { from: 'remaining', name: 'resilience_cost_remaining', help: 'What is left of a budget' },
  ],
};

/** What calls others: a guarded fetch, model providers, what they cost. A fetch counts what retries and timeouts do, too. */
export const OUTBOUND: readonly Kind[] = [FETCH, FAILOVER, COST];
