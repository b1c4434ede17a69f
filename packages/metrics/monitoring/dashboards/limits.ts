import type { Dashboard } from './dashboard.ts';
import { level, perSecond, share } from './expression.ts';

const CALLS = 'resilience_limit_calls_total';

/** Bulkheads, rate limits, budgets, and the faults that are injected to try them. */
export const limits: Dashboard = {
  slug: 'limits',
  title: 'Limits',
  about: 'What keeps load within bounds: how much passes, waits and is refused.',
  rows: [
    {
      title: 'Bulkheads and rate limits',
      panels: [
        {
          title: 'Calls',
          about: 'Calls each second, by what became of them.',
          unit: 'ops',
          queries: [
            { expression: perSecond(CALLS, 'name, kind, outcome'), legend: '{{name}} {{kind}} {{outcome}}' },
          ],
        },
        {
          title: 'Refused',
          about: 'The share of the calls that were refused.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond(CALLS, 'name, kind', 'outcome!="admitted"'),
                perSecond(CALLS, 'name, kind'),
              ),
              legend: '{{name}} {{kind}}',
            },
          ],
        },
        {
          title: 'Waiting',
          about: 'Calls that wait, and how many have to each second.',
          unit: 'short',
          queries: [
            {
              expression: level('resilience_limit_calls_waiting', 'name, kind'),
              legend: '{{name}} {{kind}}',
            },
            {
              expression: perSecond('resilience_limit_waits_total', 'name, kind'),
              legend: '{{name}} {{kind}} each second',
            },
          ],
        },
      ],
    },
    {
      title: 'Room',
      panels: [
        {
          title: 'Running',
          about: 'Calls that run, and how many may. An adaptive limit moves with what the upstream can take.',
          unit: 'short',
          queries: [
            { expression: level('resilience_limit_calls_running', 'name'), legend: '{{name}}' },
            { expression: level('resilience_limit_capacity', 'name'), legend: '{{name}} limit' },
          ],
        },
        {
          title: 'Keys',
          about: 'Keys that are counted apart, such as tenants.',
          unit: 'short',
          queries: [
            { expression: level('resilience_limit_keys', 'name, kind'), legend: '{{name}} {{kind}}' },
          ],
        },
        {
          title: 'Budgets',
          about: 'Retries and hedges each second that a budget was asked for.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('resilience_budget_withdrawals_total', 'name, outcome'),
              legend: '{{name}} {{outcome}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Injected faults',
      panels: [
        {
          title: 'Faults',
          about: 'Faults that were injected each second. None in production, unless it is a game day.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond('resilience_chaos_faults_total', 'name, kind'),
              legend: '{{name}} {{kind}}',
            },
          ],
        },
        {
          title: 'Exposed calls',
          about: 'Calls each second that faults may be injected into.',
          unit: 'ops',
          queries: [{ expression: perSecond('resilience_chaos_calls_total', 'name'), legend: '{{name}}' }],
        },
      ],
    },
  ],
};
