import { createMetrics, observe } from '@holdfast/metrics';
import { describe, expect, it } from 'vitest';
import { aBroker, AGENT, ask, STRANGER } from './rig.ts';
import { CANARY } from './stub-backend.ts';

async function exposed(reason: string) {
  const { broker, db } = aBroker();
  const metrics = createMetrics();
  observe(metrics, broker);
  const { handle = '', leaseId } = await broker.issue(ask('db', { reason, protocol: 'mcp' }));
  const { credential } = await broker.redeem(handle, AGENT);
  await broker.redeem(handle, STRANGER).catch(() => undefined);
  db.failing = new Error(`failed with ${CANARY}`);
  await broker.issue(ask('db')).catch(() => undefined);
  const { body } = await metrics.expose();
  const password = credential['password']?.reveal() ?? '';
  return { text: String(body), unsaid: [CANARY, password, handle, handle.slice(3), leaseId, reason] };
}

describe('the metrics of a broker', () => {
  it('hold no secret, no handle, no id and no text of anybody', async () => {
    const { text, unsaid } = await exposed('ticket-4711');
    expect(text).toContain('tokens_redeemed_total{');
    expect(text).toContain('tokens_refused_total{');
    for (const word of [...unsaid, AGENT.id, AGENT.tenant, STRANGER.tenant, 'db://', 'prod/orders']) {
      expect(text).not.toContain(word);
    }
  });

  it('would be seen to hold what is in them', async () => {
    const { text, unsaid } = await exposed('database');
    expect(unsaid.filter((word) => text.includes(word))).toEqual(['database']);
  });
});
