import { check, integer, oneOf, readOptions, type, type Rules } from '@holdfast/pipeline';
import { currentAuditContext } from '../events/context.ts';
import { tenantOf } from '../events/read-event.ts';
import type { AuditEngine, StoredEntry } from '../log/engine.ts';
import { firstKept } from '../retention/first-kept.ts';
import { csv } from './csv.ts';
import type { EntryFormat } from './entry-format.ts';
import { jsonl } from './jsonl.ts';
import { loggedEventIn } from './logged-event.ts';
import { ocsf } from './ocsf.ts';

/** What to export, and how. */
export interface ExportOptions {
  /** How to write them: a JSON object a line, comma-separated values, or OCSF API Activity. */
  readonly format: 'jsonl' | 'csv' | 'ocsf';
  /** Whose entries. Default the tenant of the context, else `default`. */
  readonly tenant?: string | undefined;
  /** The first index. Default the first one that was not pruned. */
  readonly from?: number | undefined;
  /** The index after the last one. Default the size of the log now. */
  readonly to?: number | undefined;
  /** Only what happened from this instant on, in milliseconds since the Unix epoch. */
  readonly fromMs?: number | undefined;
  /** Only what happened before this instant, in milliseconds since the Unix epoch. */
  readonly toMs?: number | undefined;
}

type Exported = Pick<AuditEngine, 'entries' | 'size' | 'originOf' | 'source'>;

const FORMATS: Readonly<Record<ExportOptions['format'], EntryFormat>> = { jsonl, csv, ocsf };

const rules: Rules<ExportOptions> = {
  format: oneOf('jsonl', 'csv', 'ocsf'),
  tenant: type('string'),
  from: integer(0),
  to: integer(0),
  fromMs: integer(0, 8.64e15),
  toMs: integer(0, 8.64e15),
};

/** How many characters one piece of an export has at least, but for the last. */
const PIECE = 16_384;

/**
 * Writes the entries of one tenant down, in pieces of some kilobytes: as much as is asked for is read, and no more.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when a number is out of bounds
 */
export function exportEntries(
  engine: Exported,
  options: ExportOptions,
): AsyncGenerator<string, void, undefined> {
  const settings = readOptions('export', options, rules, {});
  check('export: format', settings.format, rules.format);
  const tenant = tenantOf(settings.tenant, currentAuditContext()?.tenant);
  const size = engine.size(tenant);
  const { from } = settings;
  const to = Math.min(settings.to ?? size, size);
  const entries = from === undefined ? keptEntries(engine, tenant, to) : engine.entries(tenant, from, to);
  return formatEntries(settings.format, engine.originOf(tenant), within(entries, settings));
}

async function* keptEntries(engine: Exported, tenant: string, to: number): AsyncGenerator<StoredEntry> {
  const from = await firstKept(engine.source(tenant), engine.size(tenant));
  yield* engine.entries(tenant, Math.min(from, to), to);
}

async function* within(entries: AsyncIterable<StoredEntry>, { fromMs = 0, toMs = Infinity }: ExportOptions) {
  for await (const entry of entries) {
    const timeMs = Date.parse(loggedEventIn(entry.leaf)?.time ?? '');
    const outside = timeMs < fromMs || timeMs >= toMs;
    if (!outside) yield entry;
  }
}

/** Writes entries down, wherever they come from. */
export async function* formatEntries(
  format: ExportOptions['format'],
  origin: string,
  entries: AsyncIterable<StoredEntry>,
): AsyncGenerator<string, void, undefined> {
  const { header, line } = FORMATS[format];
  let piece = header;
  for await (const entry of entries) {
    piece += line(entry, origin);
    if (piece.length < PIECE) continue;
    yield piece;
    piece = '';
  }
  if (piece !== '') yield piece;
}
