import type { Dashboard } from './dashboard.ts';
import { level, perSecond, share } from './expression.ts';

const CALLS = 'resilience_fetch_calls_total';
const ASKED = 'resilience_failover_asked_total';

/** Guarded fetches, the providers that failovers ask, and what those cost. */
export const outbound: Dashboard = {
  slug: 'outbound',
  title: 'Outbound',
  about: 'What is asked of others: requests that guarded fetches send, providers of models, and their cost.',
  rows: [
    {
      title: 'Guarded fetches',
      panels: [
        {
          title: 'Calls',
          about: 'Calls each second, and the requests that were sent for them.',
          unit: 'ops',
          queries: [
            { expression: perSecond(CALLS, 'name'), legend: '{{name}} calls' },
            { expression: perSecond('resilience_fetch_attempts_total', 'name'), legend: '{{name}} requests' },
          ],
        },
        {
          title: 'Retries for each call',
          about: 'What retries add to the load of others: 0.5 means half as much again.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond('resilience_fetch_retries_total', 'name'),
                perSecond(CALLS, 'name'),
              ),
              legend: '{{name}}',
            },
          ],
        },
        {
          title: 'Trouble',
          about: 'What went wrong each second, and how often a later request made it good.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('resilience_fetch_recovered_total', 'name'),
              legend: '{{name}} recovered',
            },
            { expression: perSecond('resilience_fetch_timeouts_total', 'name'), legend: '{{name}} timeouts' },
            { expression: perSecond('resilience_fetch_refused_total', 'name'), legend: '{{name}} refused' },
            {
              expression: perSecond('resilience_fetch_body_failures_total', 'name'),
              legend: '{{name}} broken bodies',
            },
          ],
        },
        {
          title: 'Running',
          about: 'Calls that wait for their response.',
          unit: 'short',
          queries: [{ expression: level('resilience_fetch_calls_running', 'name'), legend: '{{name}}' }],
        },
      ],
    },
    {
      title: 'Providers',
      panels: [
        {
          title: 'Asked',
          about: 'How often each provider was asked each second, by what became of it.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond(ASKED, 'name, provider, outcome'),
              legend: '{{name}} {{provider}} {{outcome}}',
            },
          ],
        },
        {
          title: 'Failures',
          about: 'The share of what a provider was asked that it did not answer.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond(ASKED, 'name, provider', 'outcome="failed"'),
                perSecond(ASKED, 'name, provider'),
              ),
              legend: '{{name}} {{provider}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Cost',
      panels: [
        {
          title: 'Budgets',
          about: 'What was spent in the window, what running calls are expected to cost, and what is left.',
          unit: 'short',
          queries: [
            { expression: level('resilience_cost_spent', 'name'), legend: '{{name}} spent' },
            { expression: level('resilience_cost_reserved', 'name'), legend: '{{name}} reserved' },
            { expression: level('resilience_cost_remaining', 'name'), legend: '{{name}} left' },
          ],
        },
        {
          title: 'Refused',
          about: 'Calls each second that a budget had nothing for.',
          unit: 'ops',
          queries: [{ expression: perSecond('resilience_cost_refused_total', 'name'), legend: '{{name}}' }],
        },
      ],
    },
  ],
};
