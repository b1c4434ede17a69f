import type { Dashboard } from './dashboard.ts';
import { level, perSecond, quantile, select, share } from './expression.ts';

const CALLS = 'resilience_call_duration_seconds';
const CACHE_CALLS = 'resilience_cache_calls_total';
const CIRCUIT_CALLS = 'resilience_circuit_calls_total';

/** Guarded calls: circuit breakers, retries, hedges, timeouts, fallbacks, caches and batches. */
export const strategies: Dashboard = {
  slug: 'strategies',
  title: 'Strategies',
  about:
    'How guarded calls fare, and what circuit breakers, retries, hedges, timeouts, fallbacks and caches do about it.',
  rows: [
    {
      title: 'Calls',
      panels: [
        {
          title: 'Calls',
          about: 'Guarded calls each second, by how they ended.',
          unit: 'ops',
          queries: [
            { expression: perSecond(`${CALLS}_count`, 'name, outcome'), legend: '{{name}} {{outcome}}' },
          ],
        },
        {
          title: 'Failures',
          about: 'The share of calls that failed after all that was done for them.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond(`${CALLS}_count`, 'name', 'outcome="failure"'),
                perSecond(`${CALLS}_count`, 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Duration',
          about: 'How long calls take where they are measured, retries and waits included.',
          unit: 's',
          queries: [
            { expression: quantile(0.5, CALLS, 'name'), legend: '{{name}} p50' },
            { expression: quantile(0.99, CALLS, 'name'), legend: '{{name}} p99' },
          ],
        },
      ],
    },
    {
      title: 'Circuit breakers',
      panels: [
        {
          title: 'Not closed',
          about: 'How many instances have a circuit in another state than closed.',
          unit: 'short',
          queries: [
            {
              expression: level('resilience_circuit_state', 'name, state', 'state!="closed"'),
              legend: '{{name}} {{state}}',
            },
          ],
        },
        {
          title: 'Calls',
          about:
            'Calls that came to a circuit breaker each second. Rejected ones never reached the upstream.',
          unit: 'ops',
          queries: [
            { expression: perSecond(CIRCUIT_CALLS, 'name, outcome'), legend: '{{name}} {{outcome}}' },
          ],
        },
        {
          title: 'Rejected',
          about: 'The share of calls that were refused because the circuit was not closed.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond(CIRCUIT_CALLS, 'name', 'outcome="rejected"'),
                perSecond(CIRCUIT_CALLS, 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Openings',
          about: 'How often circuits opened within 15 minutes.',
          unit: 'short',
          queries: [
            {
              expression: `sum by (name) (increase(${select('resilience_circuit_openings_total')}[15m]))`,
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Transitions',
          about: 'How often circuits changed to a state within 15 minutes.',
          unit: 'short',
          queries: [
            {
              expression: `sum by (name, to) (increase(${select('resilience_circuit_transitions_total')}[15m]))`,
              legend: '{{name}} {{to}}',
            },
          ],
        },
        {
          title: 'Running and waiting',
          about: 'Calls behind a breaker, and those that wait for a half-open one.',
          unit: 'short',
          queries: [
            { expression: level('resilience_circuit_calls_running', 'name'), legend: '{{name}} running' },
            { expression: level('resilience_circuit_calls_waiting', 'name'), legend: '{{name}} waiting' },
          ],
        },
      ],
    },
    {
      title: 'Retries and hedges',
      panels: [
        {
          title: 'Retries for each call',
          about: 'What retries add to the load of the upstream: 0.5 means half as much again.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond('resilience_retries_total', 'name'),
                perSecond('resilience_retry_calls_total', 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Ends of retried calls',
          about: 'Calls with more than one attempt each second: saved, or given up and why.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('resilience_retry_ends_total', 'name, outcome'),
              legend: '{{name}} {{outcome}}',
            },
          ],
        },
        {
          title: 'Hedges',
          about:
            'Attempts beside slow ones, each second: how many were started, won the race, or were refused.',
          unit: 'ops',
          queries: [
            { expression: perSecond('resilience_hedge_calls_total', 'name'), legend: '{{name}} calls' },
            { expression: perSecond('resilience_hedges_total', 'name'), legend: '{{name}} started' },
            { expression: perSecond('resilience_hedges_won_total', 'name'), legend: '{{name}} won' },
            { expression: perSecond('resilience_hedges_refused_total', 'name'), legend: '{{name}} refused' },
          ],
        },
      ],
    },
    {
      title: 'Timeouts',
      panels: [
        {
          title: 'Out of time',
          about: 'The share of calls that took longer than their timeout.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond('resilience_timeouts_total', 'name'),
                perSecond('resilience_timeout_calls_total', 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Running',
          about: 'Calls that a timeout watches.',
          unit: 'short',
          queries: [{ expression: level('resilience_timeout_calls_running', 'name'), legend: '{{name}}' }],
        },
      ],
    },
    {
      title: 'Fallbacks',
      panels: [
        {
          title: 'Answers',
          about: 'Degraded answers each second, by the step that had them.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('resilience_fallback_answers_total', 'name, step'),
              legend: '{{name}} {{step}}',
            },
          ],
        },
        {
          title: 'Failures',
          about: 'Calls each second for which no step had an answer, or none may answer, and all there are.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('resilience_fallback_failures_total', 'name, outcome'),
              legend: '{{name}} {{outcome}}',
            },
            { expression: perSecond('resilience_fallback_calls_total', 'name'), legend: '{{name}} calls' },
          ],
        },
      ],
    },
    {
      title: 'Caches and batches',
      panels: [
        {
          title: 'Hits',
          about: 'The share of calls that a cache answered at once, stale answers included.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond(CACHE_CALLS, 'name', 'outcome=~"hit|stale"'),
                perSecond(CACHE_CALLS, 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Values',
          about: 'Values that a cache remembers. Evictions each second say that it has too little room.',
          unit: 'short',
          queries: [
            { expression: level('resilience_cache_entries', 'name'), legend: '{{name}}' },
            {
              expression: perSecond('resilience_cache_evictions_total', 'name'),
              legend: '{{name}} evictions',
            },
            {
              expression: perSecond('resilience_cache_coalesced_total', 'name'),
              legend: '{{name}} coalesced',
            },
          ],
        },
        {
          title: 'Items for each batch',
          about: 'How many items a batch holds on average.',
          unit: 'short',
          queries: [
            {
              expression: share(
                perSecond('resilience_batch_items_total', 'name'),
                perSecond('resilience_batch_runs_total', 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Items',
          about: 'Items that wait for their batch to leave or are under way, and those refused each second.',
          unit: 'short',
          queries: [
            { expression: level('resilience_batch_items_waiting', 'name'), legend: '{{name}} waiting' },
            { expression: level('resilience_batch_items_running', 'name'), legend: '{{name}} running' },
            {
              expression: perSecond('resilience_batch_refused_total', 'name'),
              legend: '{{name}} refused',
            },
          ],
        },
      ],
    },
  ],
};
