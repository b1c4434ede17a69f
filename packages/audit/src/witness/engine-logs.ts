import path from 'node:path';
import type { AuditFiles } from '../files/audit-files.ts';
import { diskFiles } from '../files/disk-files.ts';
import type { AuditEngine } from '../log/engine.ts';
import { consistencyProof } from '../merkle/proofs.ts';
import type { WitnessedLog } from './witnessing.ts';
import { WITNESSED_PATH } from './witnessed-path.ts';

/** The trees of an engine, one for each tenant, to be witnessed. What is witnessed stands beside their checkpoints. */
export function engineLogs(
  engine: Pick<AuditEngine, 'tenants' | 'checkpoint' | 'hashes' | 'folderOf'>,
  files: Pick<AuditFiles, 'replace'> = diskFiles,
): readonly WitnessedLog[] {
  return engine.tenants().map((tenant) => ({
    head: () => {
      const head = engine.checkpoint(tenant);
      if (head === undefined || head.size === 0) return undefined;
      const { origin, size, note } = head;
      return {
        origin,
        size,
        note,
        consistency: (from) => consistencyProof(engine.hashes(tenant, size), from, size),
      };
    },
    publish: (note) => {
      const file = path.join(engine.folderOf(tenant), WITNESSED_PATH);
      return files.replace(file, Buffer.from(note), `${file}.draft`);
    },
  }));
}
