import type { Kind, States } from './kind.ts';

const STATES = ['up', 'degraded', 'down', 'unknown'];
const states = (name: string, of: string): States => {
  return { name, help: `1 for the state that a ${of} is in, 0 for the others`, all: STATES };
};

/** A check of a health. */
export const CHECK: Kind = {
  has: [],
  label: 'check',
  totals: [
    { from: 'runs', name: 'health_check_runs_total', help: 'Runs of a check that ended, however they did' },
    { from: 'failures', name: 'health_check_failures_total', help: 'Runs that ended down' },
    { from: 'timeouts', name: 'health_check_timeouts_total', help: 'Runs that took too long' },
    {
      from: 'totalDurationMs',
      name: 'health_check_run_seconds_total',
      help: 'How long the runs of a check took together',
    },
  ],
  levels: [
    {
      from: 'lastDurationMs',
      name: 'health_check_duration_seconds',
      help: 'How long the last run of a check took',
    },
    {
      from: 'abandoned',
      name: 'health_check_abandoned_runs',
      help: 'Runs that still go on although nobody waits for them',
    },
    {
      from: 'availabilityRatio',
      name: 'health_check_availability_ratio',
      help: 'The share of the time in which a check passed',
    },
    { from: 'flapping', name: 'health_check_flapping', help: '1 for a check that changes too often' },
  ],
  states: states('health_check_status', 'check'),
};

/** A group of checks: what a probe asks. */
export const GROUP: Kind = {
  has: [],
  label: 'group',
  totals: [],
  levels: [],
  states: states('health_group_status', 'group'),
};

/** A health as a whole. */
export const HEALTH: Kind = {
  has: [],
  totals: [],
  levels: [
    { from: 'draining', name: 'health_draining', help: '1 for a process that is about to stop' },
    {
      from: 'alerts',
      name: 'health_alerts_active',
      help: 'Alerts that last, by severity',
      by: 'severity',
      values: { severity: ['warning', 'critical'] },
    },
  ],
};
