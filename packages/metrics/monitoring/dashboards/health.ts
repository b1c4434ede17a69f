import type { Dashboard } from './dashboard.ts';
import { level, perSecond, select, share } from './expression.ts';

/** Checks, groups and alerts of health. */
export const health: Dashboard = {
  slug: 'health',
  title: 'Health',
  about: 'What the health checks find, what probes are told, and how the checks themselves fare.',
  rows: [
    {
      title: 'Now',
      panels: [
        {
          title: 'Probes',
          about: 'How many instances answer a probe with a state other than up.',
          unit: 'short',
          queries: [
            {
              expression: level('health_group_status', 'group, state', 'state!="up"'),
              legend: '{{group}} {{state}}',
            },
          ],
        },
        {
          title: 'Checks',
          about: 'How many instances find that a check is not up.',
          unit: 'short',
          queries: [
            {
              expression: level('health_check_status', 'check, state', 'state!="up"'),
              legend: '{{check}} {{state}}',
            },
          ],
        },
        {
          title: 'Alerts',
          about: 'Alerts that last, and processes that are about to stop.',
          unit: 'short',
          queries: [
            { expression: level('health_alerts_active', 'severity'), legend: '{{severity}}' },
            { expression: level('health_draining', 'job'), legend: '{{job}} stopping' },
          ],
        },
      ],
    },
    {
      title: 'Over time',
      panels: [
        {
          title: 'Availability',
          about: 'The share of the time in which a check passed, where it is worst.',
          unit: 'percentunit',
          queries: [
            {
              expression: `min by (check) (${select('health_check_availability_ratio')})`,
              legend: '{{check}}',
            },
          ],
        },
        {
          title: 'Changes',
          about: 'How often checks changed to a state within 15 minutes, and which change too often.',
          unit: 'short',
          queries: [
            {
              expression: `sum by (check, to) (increase(${select('health_check_transitions_total')}[15m]))`,
              legend: '{{check}} {{to}}',
            },
            { expression: level('health_check_flapping', 'check'), legend: '{{check}} flaps' },
          ],
        },
        {
          title: 'Raised alerts',
          about: 'How often alerts were raised within an hour.',
          unit: 'short',
          queries: [
            {
              expression: `sum by (alert, severity) (increase(${select('health_alerts_raised_total')}[1h]))`,
              legend: '{{alert}} {{severity}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Checks at work',
      panels: [
        {
          title: 'Failed runs',
          about: 'The share of the runs of a check that ended down.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond('health_check_failures_total', 'check'),
                perSecond('health_check_runs_total', 'check'),
              ),
              legend: '{{check}}',
            },
          ],
        },
        {
          title: 'Duration',
          about: 'How long runs take on average, and how long the last one took where it took longest.',
          unit: 's',
          queries: [
            {
              expression: `${perSecond('health_check_run_seconds_total', 'check')} / ${perSecond('health_check_runs_total', 'check')}`,
              legend: '{{check}} mean',
            },
            {
              expression: `max by (check) (${select('health_check_duration_seconds')})`,
              legend: '{{check}} last',
            },
          ],
        },
        {
          title: 'Hanging runs',
          about: 'Runs that took too long, each second, and those that still go on.',
          unit: 'short',
          queries: [
            {
              expression: perSecond('health_check_timeouts_total', 'check'),
              legend: '{{check}} out of time',
            },
            { expression: level('health_check_abandoned_runs', 'check'), legend: '{{check}} hanging' },
          ],
        },
      ],
    },
  ],
};
