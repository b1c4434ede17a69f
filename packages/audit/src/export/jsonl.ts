import { isUtf8 } from 'node:buffer';
import { leafHash } from '../merkle/hash.ts';
import type { EntryFormat } from './entry-format.ts';
import { loggedEventIn } from './logged-event.ts';

/** One JSON object a line: the entry as it stands in the log, and where it stands there. */
export const jsonl: EntryFormat = {
  header: '',
  line: ({ index, leaf }, origin) => {
    const bytes = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length);
    const isEvent = isUtf8(bytes) && loggedEventIn(leaf) !== undefined;
    const entry = isEvent ? `"entry":${bytes.toString()}` : `"bytes":"${bytes.toString('base64')}"`;
    const hash = leafHash(leaf).toString('hex');
    return `{${entry},"index":${index},"leafHash":"${hash}","origin":${JSON.stringify(origin)}}\n`;
  },
};
