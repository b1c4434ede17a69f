import type { Dashboard, Panel, Unit } from './dashboard.ts';
import { perSecond, quantile, select } from './expression.ts';

/** A panel of one gauge for each process. */
function gauge(title: string, about: string, unit: Unit, metric: string): Panel {
  return { title, about, unit, queries: [{ expression: select(metric), legend: '{{instance}}' }] };
}

/** The processes that run the services. */
export const processes: Dashboard = {
  slug: 'processes',
  title: 'Processes',
  about: 'Whether processes are up, and what they use: CPU, memory, event loop, descriptors.',
  rows: [
    {
      title: 'Lives',
      panels: [
        { ...gauge('Up', '1 where the last scrape worked.', 'none', 'up'), shape: 'stat' },
        gauge('Uptime', 'A line that falls is a restart.', 's', 'process_uptime_seconds'),
        {
          title: 'Started',
          about: 'When processes were started, and with which version of Node.js.',
          unit: 'dateTimeFromNow',
          shape: 'stat',
          queries: [
            {
              expression: `${select('process_start_time_seconds')} * 1000 * on (job, instance) group_left (version) ${select('nodejs_version_info')}`,
              legend: '{{instance}} {{version}}',
            },
          ],
        },
      ],
    },
    {
      title: 'CPU and event loop',
      panels: [
        {
          title: 'CPU',
          about: 'Cores that are busy. JavaScript itself takes one at most.',
          unit: 'short',
          queries: [
            { expression: perSecond('process_cpu_seconds_total', 'instance'), legend: '{{instance}}' },
            {
              expression: perSecond('process_cpu_user_seconds_total', 'instance'),
              legend: '{{instance}} user',
            },
            {
              expression: perSecond('process_cpu_system_seconds_total', 'instance'),
              legend: '{{instance}} system',
            },
          ],
        },
        gauge(
          'Event loop utilization',
          'The share of the time in which the event loop had something to do. Near 1 everything waits.',
          'percentunit',
          'nodejs_eventloop_utilization_ratio',
        ),
        {
          title: 'Event loop delay',
          about: 'How late timers are. Every request waits as long.',
          unit: 's',
          queries: ['min', 'mean', 'p50', 'p90', 'p99', 'max'].map((statistic) => ({
            expression: select(`nodejs_eventloop_delay_${statistic}_seconds`),
            legend: `{{instance}} ${statistic}`,
          })),
        },
      ],
    },
    {
      title: 'Memory',
      panels: [
        {
          title: 'Memory',
          about: 'What the process has of the memory of the machine, and what lies outside of the heap.',
          unit: 'bytes',
          queries: [
            { expression: select('process_resident_memory_bytes'), legend: '{{instance}} resident' },
            { expression: select('nodejs_external_memory_bytes'), legend: '{{instance}} external' },
          ],
        },
        {
          title: 'Heap',
          about: 'Used and reserved heap. At the limit the process ends.',
          unit: 'bytes',
          queries: ['used', 'total', 'limit'].map((what) => ({
            expression: select(`nodejs_heap_size_${what}_bytes`),
            legend: `{{instance}} ${what}`,
          })),
        },
        {
          title: 'Pauses of the garbage collector',
          about: 'The share of the time, and the longest pauses by kind.',
          unit: 's',
          queries: [
            {
              expression: perSecond('nodejs_gc_duration_seconds_sum', 'instance'),
              legend: '{{instance}} each second',
            },
            { expression: quantile(0.99, 'nodejs_gc_duration_seconds', 'kind'), legend: '{{kind}} p99' },
          ],
        },
      ],
    },
    {
      title: 'Handles and series',
      panels: [
        {
          title: 'File descriptors',
          about: 'Open ones, and how many may be.',
          unit: 'short',
          queries: [
            { expression: select('process_open_fds'), legend: '{{instance}} open' },
            { expression: select('process_max_fds'), legend: '{{instance}} limit' },
          ],
        },
        {
          title: 'Active resources',
          about: 'What keeps the event loop alive. A type that only grows is a leak.',
          unit: 'short',
          queries: [{ expression: select('nodejs_active_resources'), legend: '{{instance}} {{type}}' }],
        },
        {
          title: 'Dropped series',
          about: 'Writes each second that found no room for a series of their own.',
          unit: 'ops',
          queries: [
            { expression: perSecond('metrics_series_dropped_total', 'metric'), legend: '{{metric}}' },
          ],
        },
      ],
    },
  ],
};
