import { directorySource, generateSigner, openAudit, trustLog, verifyLog, vkeyOf } from '@holdfast/audit';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect, it } from 'vitest';
import { aBroker, AGENT, ANN, ask, expectCode, STRANGER } from './rig.ts';

it('everything that a broker gives and refuses stands in a real audit log, and none of it if the log is gone', async () => {
  const dir = await mkdtemp(path.join(tmpdir(), 'broker-audit-'));
  const signer = generateSigner();
  const log = await openAudit({ dir, origin: 'audit.example/broker', signer, lifecycle: false });
  const { broker } = aBroker(
    { tenants: ['acme'] },
    { audit: log, isOperator: ({ type }) => type === 'user' },
  );
  const grant = await broker.issue(ask('db', { reason: 'ticket 7', oneTime: false }));
  const child = await broker.attenuate(grant.handle ?? '', AGENT, { scope: ['read'] });
  await broker.redeem(child.handle ?? '', AGENT);
  await broker.renew(child.leaseId, AGENT);
  await broker.revoke({ prefix: 'db://' }, ANN);
  await expectCode(broker.issue(ask('db', { principal: STRANGER })), 'ERR_BROKER_DENIED');
  await expectCode(broker.redeem(child.handle ?? '', AGENT), 'ERR_BROKER_UNKNOWN');
  await log.flush();
  const written: string[] = [];
  for (const tenant of ['acme', 'evil']) {
    const { records } = await log.query({ tenant });
    const inOrder = records.toSorted((a, b) => a.index - b.index);
    for (const { event } of inOrder) written.push(`${tenant} ${event?.action} ${event?.outcome}`);
  }
  expect(written).toEqual([
    'acme credential.issued success',
    'acme credential.attenuated success',
    'acme credential.redeemed success',
    'acme credential.revoked success',
    'acme credential.revoked success',
    'acme credential.redeemed denied',
    'evil credential.issued denied',
  ]);
  await log.close();
  await expectCode(broker.issue(ask('db')), 'ERR_BROKER_AUDIT');
  const { findings } = await verifyLog({
    source: directorySource(path.join(dir, 'logs/acme')),
    policy: trustLog(vkeyOf('audit.example/broker/acme', signer)),
  });
  expect(findings).toEqual([]);
  await rm(dir, { recursive: true });
});
