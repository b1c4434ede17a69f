import { once } from 'node:events';
import { createServer } from 'node:http';
import { rm } from 'node:fs/promises';
import { describe, expect, it, onTestFinished } from 'vitest';
import {
  checkProof,
  createWitness,
  directorySource,
  generateSigner,
  openAudit,
  parsePolicy,
  trustLog,
  verifyLog,
  vkeyOf,
  witnessVkeyOf,
  type AuditLog,
} from '@holdfast/audit';
import { tempFolder } from './rig.ts';

const ORIGIN = 'audit.example/prod';
const signer = generateSigner();

async function startWitness() {
  const key = generateSigner();
  const policy = trustLog(vkeyOf(ORIGIN, signer));
  const witness = createWitness({ name: 'w.example', signer: key, dir: tempFolder(), policy });
  const server = createServer(witness.handle).listen(0, '127.0.0.1');
  await once(server, 'listening');
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const address = server.address();
  const url = `http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`;
  const text = `log ${vkeyOf(ORIGIN, signer)}\nwitness w ${witnessVkeyOf('w.example', key)} ${url}\nquorum w\n`;
  return parsePolicy(text);
}

async function open(dir: string, policy: ReturnType<typeof parsePolicy>): Promise<AuditLog> {
  const witness = { policy, everyMs: 20 };
  const log = await openAudit({ dir, origin: ORIGIN, signer, witness, index: false, lifecycle: false });
  onTestFinished(() => log.close());
  return log;
}

const append = async (log: AuditLog, count: number) => {
  for (let i = 0; i < count; i++) await log.append({ tenant: 'acme', action: 'test.done' });
  await log.flush();
};

describe('a log that names witnesses', () => {
  it('publishes what they vouch for, and proves entries with it', async () => {
    const policy = await startWitness();
    const dir = tempFolder();
    const log = await open(dir, policy);
    const witnessed: number[] = [];
    log.on('audit.checkpoint_witnessed', ({ size }) => witnessed.push(size));
    await append(log, 3);
    await expect.poll(() => witnessed.at(-1), { timeout: 60_000 }).toBe(3);
    await append(log, 300);
    await expect.poll(() => witnessed.at(-1), { timeout: 60_000 }).toBe(303);
    const source = directorySource(log.engine.folderOf('acme'));
    expect(await verifyLog({ source, policy })).toMatchObject({
      ok: true,
      witnessedSize: 303,
      cosigned: [{ name: 'w' }],
    });
    const { entry, proof } = await log.prove('acme', 17);
    expect(checkProof(proof, entry ?? Buffer.of(), policy)).toMatchObject({ index: 17, witnessed: true });
    expect(log.stats().witness).toMatchObject({ missed: 0, behindMs: 0 });
  });

  it('hears from them, after a restart too, that it was put back to an earlier state', async () => {
    const policy = await startWitness();
    const first = await open(tempFolder(), policy);
    const witnessed: number[] = [];
    first.on('audit.checkpoint_witnessed', ({ size }) => witnessed.push(size));
    await append(first, 10);
    await expect.poll(() => witnessed.at(-1), { timeout: 60_000 }).toBe(10);
    await first.close();
    await rm(first.engine.dir, { recursive: true });
    const again = await open(first.engine.dir, policy);
    const faults: unknown[] = [];
    again.on('audit.witness_failed', ({ error }) => faults.push((error as { fault?: string }).fault));
    await append(again, 4);
    await expect.poll(() => faults[0], { timeout: 60_000 }).toBe('rolled-back');
    await append(again, 6);
    await expect.poll(() => faults.at(-1), { timeout: 60_000 }).toBe('forked');
    await append(again, 1);
    await expect.poll(() => faults.at(-1), { timeout: 60_000 }).toBe('bad-proof');
    expect(again.stats().witness?.published).toBe(0);
  });
});
