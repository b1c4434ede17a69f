import { generateSigner, openAudit, openEngine, type AuditOptions } from '@holdfast/audit';
import type { OpenJournal } from './journal.ts';

/** Who the logs of this benchmark are. */
export const ORIGIN = 'benchmark.example/audit';

/** An audit log as an application opens it. */
export const holdfastJournal =
  (options: Partial<AuditOptions>): OpenJournal =>
  async (dir) => {
    const log = await openAudit({
      dir,
      origin: ORIGIN,
      signer: generateSigner(),
      // A machine that is busy with something else is not what this is about.
      ackTimeoutMs: 60_000,
      lifecycle: false,
      ...options,
    });
    return {
      append: (event) => log.append(event),
      settle: () => log.flush(),
      count: () => log.stats().appended,
      close: () => log.close(),
    };
  };

/** The engine of the log alone: bytes in, proofs out; events are JSON.stringify's. */
export const engineJournal: OpenJournal = async (dir) => {
  const engine = await openEngine({ dir, origin: ORIGIN, signer: generateSigner(), ackTimeoutMs: 60_000 });
  return {
    append: (event) => engine.append('default', Buffer.from(JSON.stringify(event))),
    settle: () => engine.flush(),
    count: () => engine.stats().appended,
    close: () => engine.close(),
  };
};
