import type { StoredEntry } from '../log/engine.ts';
import { leafHash } from '../merkle/hash.ts';
import type { EntryFormat } from './entry-format.ts';
import { loggedEventIn, type LoggedEvent } from './logged-event.ts';

type Column = readonly [
  name: string,
  value: (event: LoggedEvent, entry: StoredEntry) => string | number | undefined,
];

const COLUMNS: readonly Column[] = [
  ['index', (_, { index }) => index],
  ['time', ({ time }) => time],
  ['tenant', ({ tenant }) => tenant],
  ['action', ({ action }) => action],
  ['outcome', ({ outcome }) => outcome],
  ['reason', ({ reason }) => reason],
  ['actor_type', ({ actor }) => actor?.type],
  ['actor_id', ({ actor }) => actor?.id],
  ['actor_name', ({ actor }) => actor?.name],
  ['agent_id', ({ agent }) => agent?.id],
  ['on_behalf_of_id', ({ onBehalfOf }) => onBehalfOf?.id],
  ['resource_type', ({ resource }) => resource?.type],
  ['resource_id', ({ resource }) => resource?.id],
  ['resource_name', ({ resource }) => resource?.name],
  ['ip', ({ where }) => where?.ip],
  ['user_agent', ({ where }) => where?.userAgent],
  ['service', ({ where }) => where?.service],
  ['host', ({ where }) => where?.host],
  ['session', ({ session }) => session],
  ['request_id', ({ requestId }) => requestId],
  ['trace_id', ({ traceId }) => traceId],
  ['id', ({ id }) => id],
  ['intent', ({ intent }) => intent],
  ['details', ({ details, detailsDigest }) => JSON.stringify(details ?? detailsDigest)],
  ['leaf_hash', (_, { leaf }) => leafHash(leaf).toString('hex')],
];

/** What a spreadsheet takes for the beginning of a formula, also in full width, or skips before one. */
const FORMULA = /^[\s\u0000]*[=+\-@\uff1d\uff0b\uff0d\uff20\t\r\n|%]/;

/** A cell that no spreadsheet computes: every one is quoted, and one that begins like a formula gets an apostrophe. */
function cell(value: string | number | undefined): string {
  const text = value === undefined ? '' : String(value);
  const harmless = typeof value === 'number' || !FORMULA.test(text) ? text : `'${text}`;
  return `"${harmless.replaceAll('"', '""')}"`;
}

const row = (cells: readonly (string | number | undefined)[]) => `${cells.map(cell).join(',')}\r\n`;

/** Comma-separated values (RFC 4180). Entries that are no events have only their index and hash. */
export const csv: EntryFormat = {
  header: row(COLUMNS.map(([name]) => name)),
  line: (entry) => {
    const event = loggedEventIn(entry.leaf) ?? ({} as LoggedEvent);
    return row(COLUMNS.map(([, value]) => value(event, entry)));
  },
};
