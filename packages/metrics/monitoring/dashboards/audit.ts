import type { Dashboard } from './dashboard.ts';
import { level, perSecond, select } from './expression.ts';

/** Audit logs and where they hand their entries on to. */
export const audit: Dashboard = {
  slug: 'audit',
  title: 'Audit',
  about: 'Whether everything that must be on record is, and how soon.',
  rows: [
    {
      title: 'Entries',
      panels: [
        {
          title: 'Entries',
          about:
            'Entries each second. Failed ones are not on record, and whoever sent them was told; of dropped ones only the log tells.',
          unit: 'ops',
          queries: [
            { expression: perSecond('audit_entries_total', 'log, outcome'), legend: '{{log}} {{outcome}}' },
          ],
        },
        {
          title: 'Waiting',
          about: 'Entries that wait for the disk, for a checkpoint to cover them, or for the index.',
          unit: 'short',
          queries: [
            { expression: level('audit_entries_pending', 'log'), legend: '{{log}} for the disk' },
            { expression: level('audit_entries_unpublished', 'log'), legend: '{{log}} for a checkpoint' },
            { expression: level('audit_entries_unindexed', 'log'), legend: '{{log}} for the index' },
          ],
        },
        {
          title: 'Not open',
          about:
            'How many instances have a log that does not take entries. A broken one has to be opened again.',
          unit: 'short',
          queries: [
            {
              expression: level('audit_log_state', 'log, state', 'state!="open"'),
              legend: '{{log}} {{state}}',
            },
          ],
        },
      ],
    },
    {
      title: 'Disk',
      panels: [
        {
          title: 'Commits',
          about: 'Batches written and synced each second.',
          unit: 'ops',
          queries: [{ expression: perSecond('audit_commits_total', 'log'), legend: '{{log}}' }],
        },
        {
          title: 'Duration of commits',
          about: 'How long a write and sync takes on average, and how long the last one took.',
          unit: 's',
          queries: [
            {
              expression: `${perSecond('audit_commit_seconds_total', 'log')} / ${perSecond('audit_commits_total', 'log')}`,
              legend: '{{log}} mean',
            },
            { expression: `max by (log) (${select('audit_last_commit_seconds')})`, legend: '{{log}} last' },
          ],
        },
        {
          title: 'Size',
          about: 'The write-ahead log, which is emptied as checkpoints are published.',
          unit: 'bytes',
          queries: [{ expression: level('audit_wal_size_bytes', 'log'), legend: '{{log}}' }],
        },
      ],
    },
    {
      title: 'Beyond the log',
      panels: [
        {
          title: 'Sinks',
          about: 'Entries that sinks take each second, attempts that fail, and how far sinks are behind.',
          unit: 'short',
          queries: [
            { expression: perSecond('audit_sink_entries_total', 'sink'), legend: '{{sink}}' },
            { expression: perSecond('audit_sink_failures_total', 'sink'), legend: '{{sink}} failures' },
            { expression: level('audit_sink_entries_pending', 'sink'), legend: '{{sink}} behind' },
          ],
        },
        {
          title: 'Sinks that run',
          about:
            'How many instances have a sink that goes on. One that has ended begins again with its process.',
          unit: 'short',
          queries: [{ expression: level('audit_sink_running', 'sink'), legend: '{{sink}}' }],
        },
        {
          title: 'Tenants and duplicates',
          about: 'Tenants that have entries, and events each second that were there already.',
          unit: 'short',
          queries: [
            { expression: level('audit_tenants', 'log'), legend: '{{log}} tenants' },
            { expression: perSecond('audit_duplicates_total', 'log'), legend: '{{log}} duplicates' },
          ],
        },
      ],
    },
  ],
};
