import { describe, expect, it } from 'vitest';
import {
  batchMetrics,
  cacheMetrics,
  createMetrics,
  databaseMetrics,
  mcpMetrics,
  protocolMetrics,
  sessionMetrics,
  tokenMetrics,
  type Metrics,
} from '../../src/index.ts';
import { hasPromtool, lint } from '../promtool.ts';
import { scrape } from '../scrape.ts';

const SETS: readonly (readonly [string, (metrics: Metrics) => void, readonly string[]])[] = [
  [
    'protocols',
    (metrics) =>
      protocolMetrics(metrics).duration.observe(
        { protocol: 'a2a', operation: 'message/send', outcome: 'success' },
        1,
      ),
    ['protocol_request_duration_seconds_count{protocol="a2a",operation="message/send",outcome="success"} 1'],
  ],
  [
    'tokens',
    (metrics) => {
      const { issued, redeemed, refused, ended, active, ttl } = tokenMetrics(metrics);
      issued.inc({ resource_type: 'ssh' });
      redeemed.inc({ resource_type: 'ssh' });
      refused.inc({ resource_type: 'api' });
      ended.inc({ resource_type: 'ssh', reason: 'expired' });
      active.set({ resource_type: 'ssh' }, 3);
      ttl.observe({ resource_type: 'ssh' }, 300);
    },
    [
      'tokens_issued_total{resource_type="ssh"} 1',
      'tokens_redeemed_total{resource_type="ssh"} 1',
      'tokens_refused_total{resource_type="api"} 1',
      'tokens_ended_total{resource_type="ssh",reason="expired"} 1',
      'tokens_active{resource_type="ssh"} 3',
      'token_ttl_seconds_bucket{resource_type="ssh",le="300"} 1',
    ],
  ],
  [
    'sessions',
    (metrics) => {
      const { created, ended, active, duration } = sessionMetrics(metrics);
      created.inc();
      active.inc();
      ended.inc({ reason: 'deleted' });
      duration.observe(59);
    },
    [
      'sessions_created_total 1',
      'sessions_ended_total{reason="deleted"} 1',
      'session_duration_seconds_bucket{le="60"} 1',
    ],
  ],
  [
    'MCP',
    (metrics) => {
      const { connections, connectionErrors, operations } = mcpMetrics(metrics);
      connections.set(2);
      connectionErrors.inc();
      operations.observe({ mcp_method_name: 'tools/call', error_type: '' }, 0.1);
    },
    ['mcp_connections_active 2', 'mcp_operation_duration_seconds_count{mcp_method_name="tools/call"} 1'],
  ],
  [
    'databases',
    (metrics) => {
      const { operations, connections, pending, connectionErrors } = databaseMetrics(metrics);
      operations.observe({ db_operation_name: 'SELECT', error_type: 'timeout' }, 0.1);
      connections.set({ pool: 'main', state: 'idle' }, 4);
      pending.set({ pool: 'main' }, 1);
      connectionErrors.inc({ pool: 'main' });
    },
    ['db_client_connections{pool="main",state="idle"} 4', 'db_client_pending_requests{pool="main"} 1'],
  ],
  [
    'caches',
    (metrics) => {
      const { requests, operations, entries } = cacheMetrics(metrics);
      requests.with('prompts', 'hit').inc();
      operations.observe({ cache: 'prompts', operation: 'get' }, 0.001);
      entries.set({ cache: 'prompts' }, 9);
    },
    ['cache_requests_total{cache="prompts",result="hit"} 1', 'cache_entries{cache="prompts"} 9'],
  ],
  [
    'batches',
    (metrics) => {
      const { size, duration, waiting } = batchMetrics(metrics);
      size.observe({ queue: 'events' }, 40);
      duration.observe({ queue: 'events', outcome: 'failure' }, 1);
      waiting.set({ queue: 'events' }, 2);
    },
    ['batch_size_items_bucket{queue="events",le="50"} 1', 'queue_waiting_items{queue="events"} 2'],
  ],
];

describe.each(SETS)('the instruments of %s', (_, use, lines) => {
  it('have names that everybody shares', async () => {
    const metrics = createMetrics();
    use(metrics);
    const exposed = (await scrape(metrics)).split('\n');
    for (const line of lines) expect(exposed).toContain(line);
  });

  it('are shared by those who ask for them twice', () => {
    const metrics = createMetrics();
    use(metrics);
    expect(() => use(metrics)).not.toThrow();
  });

  it.skipIf(!hasPromtool)('please promtool', async () => {
    const metrics = createMetrics();
    use(metrics);
    expect(lint(await scrape(metrics))).toBe('');
  });
});
