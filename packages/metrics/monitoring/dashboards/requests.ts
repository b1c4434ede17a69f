import type { Dashboard } from './dashboard.ts';
import { level, perSecond, quantile, share } from './expression.ts';

const DURATION = 'http_server_request_duration_seconds';
const COUNT = `${DURATION}_count`;
const FAILED = 'http_response_status_code=~"5.."';

/** Rate, errors and duration of HTTP requests. */
export const requests: Dashboard = {
  slug: 'requests',
  title: 'Requests',
  about: 'How many requests the services get, how many of them fail, and how long they take.',
  rows: [
    {
      title: 'By service',
      panels: [
        {
          title: 'Requests',
          about: 'Answered requests each second.',
          unit: 'reqps',
          queries: [{ expression: perSecond(COUNT, 'job'), legend: '{{job}}' }],
        },
        {
          title: 'Errors',
          about: 'The share of requests that were answered with 5xx.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(perSecond(COUNT, 'job', FAILED), perSecond(COUNT, 'job')),
              legend: '{{job}}',
            },
          ],
        },
        {
          title: 'Duration',
          about: 'Half of the requests are answered below p50, all but one in a hundred below p99.',
          unit: 's',
          queries: [
            { expression: quantile(0.5, DURATION, 'job'), legend: '{{job}} p50' },
            { expression: quantile(0.99, DURATION, 'job'), legend: '{{job}} p99' },
          ],
        },
      ],
    },
    {
      title: 'By route',
      panels: [
        {
          title: 'Requests by route',
          about: 'Answered requests each second. Those that matched no route have no name.',
          unit: 'reqps',
          queries: [
            {
              expression: perSecond(COUNT, 'http_request_method, http_route'),
              legend: '{{http_request_method}} {{http_route}}',
            },
          ],
        },
        {
          title: 'Errors by route',
          about: 'Requests that failed each second: by status, or aborted where the client left first.',
          unit: 'reqps',
          queries: [
            {
              expression: perSecond(COUNT, 'http_route, error_type', 'error_type!=""'),
              legend: '{{http_route}} {{error_type}}',
            },
          ],
        },
        {
          title: 'Duration by route',
          about: 'What all but one in twenty requests stay below.',
          unit: 's',
          queries: [{ expression: quantile(0.95, DURATION, 'http_route'), legend: '{{http_route}} p95' }],
        },
      ],
    },
    {
      title: 'Load',
      panels: [
        {
          title: 'Running',
          about: 'Requests that are being served.',
          unit: 'short',
          queries: [{ expression: level('http_server_active_requests', 'job'), legend: '{{job}}' }],
        },
        {
          title: 'Statuses',
          about: 'Answers each second.',
          unit: 'reqps',
          queries: [
            {
              expression: perSecond(COUNT, 'http_response_status_code'),
              legend: '{{http_response_status_code}}',
            },
          ],
        },
        {
          title: 'Body sizes',
          about: 'What all but one in twenty bodies stay below. Measured where the middleware is told to.',
          unit: 'bytes',
          queries: [
            {
              expression: quantile(0.95, 'http_server_request_body_size_bytes', 'job'),
              legend: '{{job}} in',
            },
            {
              expression: quantile(0.95, 'http_server_response_body_size_bytes', 'job'),
              legend: '{{job}} out',
            },
          ],
        },
      ],
    },
  ],
};
