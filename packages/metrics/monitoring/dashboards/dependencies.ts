import type { Dashboard } from './dashboard.ts';
import { level, perSecond, quantile, share } from './expression.ts';

const QUERIES = 'db_client_operation_duration_seconds';
const CACHE = 'cache_requests_total';

/** Databases, caches and queues. */
export const dependencies: Dashboard = {
  slug: 'dependencies',
  title: 'Dependencies',
  about: 'Databases, caches and queues as the services see them.',
  rows: [
    {
      title: 'Databases',
      panels: [
        {
          title: 'Queries',
          about: 'Queries each second; failed ones show their error.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond(`${QUERIES}_count`, 'db_operation_name, error_type'),
              legend: '{{db_operation_name}} {{error_type}}',
            },
          ],
        },
        {
          title: 'Duration of queries',
          about: 'What all but one in twenty queries stay below.',
          unit: 's',
          queries: [
            { expression: quantile(0.95, QUERIES, 'db_operation_name'), legend: '{{db_operation_name}} p95' },
          ],
        },
        {
          title: 'Pool',
          about:
            'Connections by what they do, callers that wait for one, and connections that broke each second.',
          unit: 'short',
          queries: [
            { expression: level('db_client_connections', 'pool, state'), legend: '{{pool}} {{state}}' },
            { expression: level('db_client_pending_requests', 'pool'), legend: '{{pool}} waiting' },
            { expression: perSecond('db_client_connection_errors_total', 'pool'), legend: '{{pool}} broken' },
          ],
        },
      ],
    },
    {
      title: 'Caches',
      panels: [
        {
          title: 'Hits',
          about: 'The share of requests that the cache answered, stale answers included.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(perSecond(CACHE, 'cache', 'result=~"hit|stale"'), perSecond(CACHE, 'cache')),
              legend: '{{cache}}',
            },
          ],
        },
        {
          title: 'Duration of operations',
          about: 'What all but one in twenty operations stay below.',
          unit: 's',
          queries: [
            {
              expression: quantile(0.95, 'cache_operation_duration_seconds', 'cache, operation'),
              legend: '{{cache}} {{operation}} p95',
            },
          ],
        },
        {
          title: 'Entries',
          about: 'How much a cache holds.',
          unit: 'short',
          queries: [{ expression: level('cache_entries', 'cache'), legend: '{{cache}}' }],
        },
      ],
    },
    {
      title: 'Queues',
      panels: [
        {
          title: 'Waiting',
          about: 'Items in the queue. A line that only rises needs more workers.',
          unit: 'short',
          queries: [{ expression: level('queue_waiting_items', 'queue'), legend: '{{queue}}' }],
        },
        {
          title: 'Batch size',
          about: 'How many items batches have.',
          unit: 'short',
          queries: [{ expression: quantile(0.5, 'batch_size_items', 'queue'), legend: '{{queue}} p50' }],
        },
        {
          title: 'Duration of batches',
          about: 'What all but one in twenty batches stay below, by how they ended.',
          unit: 's',
          queries: [
            {
              expression: quantile(0.95, 'batch_duration_seconds', 'queue, outcome'),
              legend: '{{queue}} {{outcome}} p95',
            },
          ],
        },
      ],
    },
  ],
};
