import type { AuditLog } from './audit-log.ts';
import { EventEncoder } from './events/event-encoder.ts';
import { openEngine } from './log/open-engine.ts';
import type { AuditEngine } from './log/engine.ts';
import { engineRules, type EngineOptions } from './log/engine-options.ts';
import { OpenAuditLog } from './open-audit-log.ts';
import { readAuditOptions, type AuditOptions, type AuditSettings } from './options.ts';
import { personalPaths } from './personal/personal-paths.ts';
import { PersonalStore } from './personal/personal-store.ts';
import { EventIndex } from './query/event-index.ts';
import { BodyStore } from './record/body-store.ts';
import { IdWindow } from './record/id-window.ts';
import { Recorder } from './record/recorder.ts';
import { createRedactor } from './redaction/redactor.ts';
import { engineLogs } from './witness/engine-logs.ts';
import { startWitnessing } from './witness/witnessing.ts';

/**
 * Opens an audit log; makes it when there is none.
 *
 * @throws {@link AuditLockedError} when the directory is open elsewhere
 * @throws {@link AuditDamagedError} when what is on disk is shorter than a signed checkpoint, or altered
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 *
 * @example
 * ```ts
 * import { generateSigner, openAudit } from '@holdfast/audit';
 *
 * const log = await openAudit({ dir: '/var/lib/audit', origin: 'audit.example/prod', signer: generateSigner() });
 * await log.append({ action: 'session.created', actor: { type: 'user', id: 'bob' } });
 * await log.close();
 * ```
 */
export async function openAudit(options: AuditOptions): Promise<AuditLog> {
  const settings = readAuditOptions(options);
  const redactor = createRedactor(settings.redaction);
  const paths = settings.personal && personalPaths(settings.personal.fields);
  const engine = await openEngine(engineOptionsOf(settings));
  const opened: { close(): Promise<void> }[] = [engine];
  try {
    const personal = paths && (await PersonalStore.open(engine.dir, paths));
    if (personal !== undefined) opened.push(personal);
    const index = settings.index
      ? await EventIndex.open(engine, settings.onListenerError, settings.clock)
      : undefined;
    if (index !== undefined) opened.push(index);
    const bodies = new BodyStore(engine.dir, settings.files);
    const ids = idWindow(engine, settings);
    const { clock, ackTimeoutMs, maxDetailsLength, oversized } = settings;
    const encoder = new EventEncoder({ scribe: redactor, maxDetailsLength, oversized });
    const recorder = new Recorder({ engine, encoder, bodies, ids, personal, clock, ackTimeoutMs });
    const witnessing = settings.witness && witnessingOf(engine, settings, settings.witness);
    if (witnessing !== undefined) opened.push(witnessing);
    const log = new OpenAuditLog({
      settings,
      engine,
      recorder,
      bodies,
      ids,
      redactor,
      personal,
      index,
      witnessing,
    });
    await log.opened();
    return log;
  } catch (error) {
    for (const part of opened.reverse()) await part.close().catch(() => undefined);
    throw error;
  }
}

function engineOptionsOf(settings: AuditSettings): EngineOptions {
  const own = Object.entries(settings).filter(([name]) => Object.hasOwn(engineRules, name));
  return Object.fromEntries(own) as unknown as EngineOptions;
}

function idWindow(engine: AuditEngine, { clock, maxIds, idWindowMs }: AuditSettings): IdWindow {
  return new IdWindow({ engine, clock, maxIds, windowMs: idWindowMs });
}

function witnessingOf(
  engine: AuditEngine,
  settings: AuditSettings,
  options: NonNullable<AuditSettings['witness']>,
) {
  const { clock, files, onListenerError } = settings;
  return startWitnessing({ ...options, clock, onListenerError, logs: () => engineLogs(engine, files) });
}
