import { mkdir, readFile, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { generateKeyPair, openAudit, signerFrom, type AuditLog, type NamedSigner } from '@holdfast/audit';
import { observe, type Metrics } from '@holdfast/metrics';
import type { Guard } from './guard.ts';

/** The name of the log, which its key is made for. */
const ORIGIN = 'holdfast.example/quickstart';

/**
 * Opens the audit log in a folder, and writes into it whatever a circuit does. Nobody waits for the disk: a circuit has no time.
 *
 * @param dir - made where there is none; the keys are beside it, in `DIR.key` and `DIR.key.pub`
 * @throws when the folder is in use by another process, or was tampered with
 */
export async function openCircuitAudit(dir: string, { breaker }: Guard, metrics: Metrics): Promise<AuditLog> {
  await mkdir(path.dirname(dir), { recursive: true });
  const { name, signer } = await keyOf(`${dir}.key`);
  const log = await openAudit({ dir, origin: name, signer });
  breaker?.subscribe(({ type, strategy, atMs, ...details }) => {
    log.note({
      action: type,
      actor: { type: 'service', id: 'quickstart' },
      resource: { type: 'circuit-breaker', id: strategy },
      atMs,
      details,
    });
  });
  observe(metrics, log);
  return log;
}

/** Reads the key of the log, or makes one. In a service of yours it comes from where its other secrets do. */
async function keyOf(file: string): Promise<NamedSigner> {
  const fresh = generateKeyPair(ORIGIN);
  try {
    await writeFile(file, `${fresh.privateKey}\n`, { mode: 0o600, flag: 'wx' });
    await writeFile(`${file}.pub`, `${fresh.verifierKey}\n`);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
  }
  return signerFrom(await readFile(file, 'utf8'));
}
