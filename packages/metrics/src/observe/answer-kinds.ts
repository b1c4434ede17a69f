import type { Kind } from './kind.ts';

const failures = {
  name: 'resilience_fallback_failures_total',
  help: 'Calls that failed because no step had an answer, or none may answer',
};
const cacheCalls = {
  name: 'resilience_cache_calls_total',
  help: 'Calls that came to a cache, by what it had for them',
};

const FALLBACK: Kind = {
  has: ['used', 'exhausted', 'passed'],
  label: 'name',
  totals: [
    { from: 'calls', name: 'resilience_fallback_calls_total', help: 'Calls that came to a fallback' },
    {
      from: 'used',
      name: 'resilience_fallback_answers_total',
      help: 'Calls that were answered by a step of a fallback',
      by: 'step',
    },
    { from: 'exhausted', ...failures, labels: { outcome: 'exhausted' } },
    { from: 'passed', ...failures, labels: { outcome: 'passed' } },
  ],
  levels: [],
};

const CACHE: Kind = {
  has: ['hits', 'staleHits', 'misses'],
  label: 'name',
  totals: [
    { from: 'hits', ...cacheCalls, labels: { outcome: 'hit' } },
    { from: 'staleHits', ...cacheCalls, labels: { outcome: 'stale' } },
    { from: 'misses', ...cacheCalls, labels: { outcome: 'miss' } },
    {
      from: 'coalesced',
      name: 'resilience_cache_coalesced_total',
      help: 'Calls that waited for the run of another call',
    },
    {
      from: 'evictions',
      name: 'resilience_cache_evictions_total',
      help: 'Values that went to make room for others',
    },
  ],
  levels: [{ from: 'entries', name: 'resilience_cache_entries', help: 'Values that a cache remembers' }],
};

const BATCH: Kind = {
  has: ['batches', 'items'],
  label: 'name',
  totals: [
    { from: 'batches', name: 'resilience_batch_runs_total', help: 'Batches that have left' },
    { from: 'items', name: 'resilience_batch_items_total', help: 'Items that batches held' },
    { from: 'refused', name: 'resilience_batch_refused_total', help: 'Items that were refused' },
  ],
  levels: [
    {
      from: 'waiting',
      name: 'resilience_batch_items_waiting',
      help: 'Items that wait for their batch to leave',
    },
    { from: 'running', name: 'resilience_batch_items_running', help: 'Items that are under way' },
  ],
};

/** What answers in place of a call, or for several at once. */
export const ANSWERS: readonly Kind[] = [FALLBACK, CACHE, BATCH];
