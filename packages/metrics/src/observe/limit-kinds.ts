import type { Figure, Kind } from './kind.ts';

const calls = {
  name: 'resilience_limit_calls_total',
  help: 'Calls that came to a limit, by what became of them',
};

function limit(kind: string, has: readonly string[], levels: readonly Figure[]): Kind {
  const labels = { kind };
  return {
    has,
    label: 'name',
    totals: [
      { from: 'admitted', ...calls, labels: { outcome: 'admitted', ...labels } },
      { from: 'rejected', ...calls, by: 'outcome', labels },
      { from: 'queued', name: 'resilience_limit_waits_total', help: 'Calls that had to wait', labels },
    ],
    levels: [
      { from: 'queueLength', name: 'resilience_limit_calls_waiting', help: 'Calls that wait', labels },
      ...levels.map((each) => ({ ...each, labels })),
    ],
  };
}

const BULKHEAD = limit(
  'bulkhead',
  ['admitted', 'inFlight'],
  [
    { from: 'inFlight', name: 'resilience_limit_calls_running', help: 'Calls that a limit has let through' },
    { from: 'limit', name: 'resilience_limit_capacity', help: 'How many calls a limit lets run at once' },
    { from: 'compartments', name: 'resilience_limit_keys', help: 'Keys that a limit counts apart' },
  ],
);

const RATE = limit(
  'rate',
  ['admitted', 'keys'],
  [{ from: 'keys', name: 'resilience_limit_keys', help: 'Keys that a limit counts apart' }],
);

/** What limits how many calls run at once, or pass over time. */
export const LIMITS: readonly Kind[] = [BULKHEAD, RATE];
