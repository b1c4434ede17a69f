import type { Dashboard } from './dashboard.ts';
import { level, perSecond, quantile, share } from './expression.ts';

const PROTOCOL = 'protocol_request_duration_seconds';
const MCP = 'mcp_operation_duration_seconds';

/** What agents do: requests by protocol, connections to MCP servers, sessions. */
export const agents: Dashboard = {
  slug: 'agents',
  title: 'Agents',
  about: 'Requests by protocol, MCP connections and operations, sessions.',
  rows: [
    {
      title: 'Protocols',
      panels: [
        {
          title: 'Requests by protocol',
          about: 'Requests each second over MCP, A2A, ACP, HTTP and gRPC.',
          unit: 'reqps',
          queries: [
            {
              expression: perSecond(`${PROTOCOL}_count`, 'protocol, operation'),
              legend: '{{protocol}} {{operation}}',
            },
          ],
        },
        {
          title: 'Failures by protocol',
          about: 'The share of requests that failed.',
          unit: 'percentunit',
          queries: [
            {
              expression: share(
                perSecond(`${PROTOCOL}_count`, 'protocol', 'outcome="failure"'),
                perSecond(`${PROTOCOL}_count`, 'protocol'),
              ),
              legend: '{{protocol}}',
            },
          ],
        },
        {
          title: 'Duration by protocol',
          about: 'What all but one in twenty requests stay below.',
          unit: 's',
          queries: [{ expression: quantile(0.95, PROTOCOL, 'protocol'), legend: '{{protocol}} p95' }],
        },
      ],
    },
    {
      title: 'MCP',
      panels: [
        {
          title: 'Connections',
          about: 'Connections to MCP servers that are open.',
          unit: 'short',
          queries: [{ expression: level('mcp_connections_active', 'job'), legend: '{{job}}' }],
        },
        {
          title: 'Errors',
          about: 'Operations that failed and connections that broke, each second.',
          unit: 'ops',
          queries: [
            {
              expression: perSecond(`${MCP}_count`, 'mcp_method_name, error_type', 'error_type!=""'),
              legend: '{{mcp_method_name}} {{error_type}}',
            },
            { expression: perSecond('mcp_connection_errors_total', 'job'), legend: '{{job}} connections' },
          ],
        },
        {
          title: 'Duration by method',
          about: 'What all but one in twenty operations stay below.',
          unit: 's',
          queries: [
            { expression: quantile(0.95, MCP, 'mcp_method_name'), legend: '{{mcp_method_name}} p95' },
          ],
        },
      ],
    },
    {
      title: 'Sessions',
      panels: [
        {
          title: 'Active sessions',
          about: 'Sessions that are open.',
          unit: 'short',
          queries: [{ expression: level('sessions_active', 'job'), legend: '{{job}}' }],
        },
        {
          title: 'Opened and ended',
          about: 'Sessions each second, the ended ones by why.',
          unit: 'ops',
          queries: [
            { expression: perSecond('sessions_created_total', 'job'), legend: '{{job}} opened' },
            { expression: perSecond('sessions_ended_total', 'reason'), legend: 'ended: {{reason}}' },
          ],
        },
        {
          title: 'Duration of sessions',
          about: 'For how long sessions were open.',
          unit: 's',
          queries: [
            { expression: quantile(0.5, 'session_duration_seconds', 'job'), legend: '{{job}} p50' },
            { expression: quantile(0.95, 'session_duration_seconds', 'job'), legend: '{{job}} p95' },
          ],
        },
      ],
    },
  ],
};
