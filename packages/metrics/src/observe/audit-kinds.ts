import type { Kind } from './kind.ts';

const entries = {
  name: 'audit_entries_total',
  help: 'Entries that came to an audit log, by what became of them',
};

/** An audit log. */
const LOG: Kind = {
  has: ['appended', 'pending'],
  label: 'log',
  totals: [
    { from: 'appended', ...entries, labels: { outcome: 'appended' } },
    { from: 'failed', ...entries, labels: { outcome: 'failed' } },
    { from: 'dropped', ...entries, labels: { outcome: 'dropped' } },
    { from: 'commits', name: 'audit_commits_total', help: 'Batches of entries that were written and synced' },
    {
      from: 'totalCommitMs',
      name: 'audit_commit_seconds_total',
      help: 'How long it took to write and sync all batches',
    },
    {
      from: 'duplicates',
      name: 'audit_duplicates_total',
      help: 'Events that were there already and not written again',
    },
  ],
  levels: [
    { from: 'pending', name: 'audit_entries_pending', help: 'Entries that wait for the disk' },
    {
      from: 'unpublished',
      name: 'audit_entries_unpublished',
      help: 'Durable entries that no checkpoint covers yet',
    },
    {
      from: 'lastCommitMs',
      name: 'audit_last_commit_seconds',
      help: 'How long it took to write and sync the last batch',
    },
    { from: 'walBytes', name: 'audit_wal_size_bytes', help: 'Size of the write-ahead log' },
    {
      from: 'indexLag',
      name: 'audit_entries_unindexed',
      help: 'Durable entries that queries do not find yet',
    },
    { from: 'tenants', name: 'audit_tenants', help: 'Tenants that have entries' },
  ],
  states: {
    name: 'audit_log_state',
    help: '1 for the state that an audit log is in, 0 for the others',
    all: ['open', 'failed', 'broken', 'closed'],
  },
  over: 'closed',
};

/** What copies an audit log elsewhere. */
const SINK: Kind = {
  has: ['lag', 'delivered'],
  label: 'sink',
  totals: [
    { from: 'delivered', name: 'audit_sink_entries_total', help: 'Entries that a sink has taken' },
    {
      from: 'failures',
      name: 'audit_sink_failures_total',
      help: 'Attempts to hand entries to a sink that failed',
    },
  ],
  levels: [
    {
      from: 'lag',
      name: 'audit_sink_entries_pending',
      help: 'Durable entries that a sink has not taken yet',
    },
    {
      from: 'running',
      name: 'audit_sink_running',
      help: '1 for a sink that goes on, 0 for one that has ended',
    },
  ],
};

/** Audit logs, and what copies them. */
export const AUDIT: readonly Kind[] = [LOG, SINK];
