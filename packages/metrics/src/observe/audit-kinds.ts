import type { Kind } from './kind.ts';

const entries = {
  name: 'audit_entries_total',
  help: 'Entries that came to an audit log, by what became of them',
};
const delivered = {
  name: 'audit_sink_entries_total',
  help: 'Entries that were handed to a sink, by what became of them',
};

/** An audit log. */
export const AUDIT: Kind = {
  has: ['appended', 'pending'],
  label: 'log',
  totals: [
    { from: 'appended', ...entries, labels: { outcome: 'appended' } },
    { from: 'failed', ...entries, labels: { outcome: 'failed' } },
    { from: 'commits', name: 'audit_commits_total', help: 'Batches of entries that were written and synced' },
    {
      from: 'totalCommitMs',
      name: 'audit_commit_seconds_total',
      help: 'How long it took to write and sync all batches',
    },
    { from: 'gaps', name: 'audit_gaps_total', help: 'Entries that are known to be missing' },
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
    { from: 'tenants', name: 'audit_tenants', help: 'Tenants that have entries' },
  ],
  states: {
    name: 'audit_log_state',
    help: '1 for the state that an audit log is in, 0 for the others',
    all: ['open', 'failed', 'broken', 'closed'],
  },
  over: 'closed',
};

/** Where an audit log hands its entries on to. */
export const SINK: Kind = {
  has: [],
  label: 'sink',
  totals: [
    { from: 'delivered', ...delivered, labels: { outcome: 'delivered' } },
    { from: 'failed', ...delivered, labels: { outcome: 'failed' } },
  ],
  levels: [
    { from: 'pending', name: 'audit_sink_entries_pending', help: 'Entries that a sink has yet to take' },
  ],
};
