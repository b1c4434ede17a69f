import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import { startPostgres } from '../../../scripts/services/postgres.ts';
import { postgresJournal, sqliteJournal } from '../../src/audit/database-journals.ts';
import {
  bareGroupCommit,
  chainLine,
  hashChain,
  timedBuffer,
  timedGroupCommit,
} from '../../src/audit/file-journals.ts';
import { withFolder } from '../../src/audit/fill.ts';
import { engineJournal, holdfastJournal } from '../../src/audit/holdfast-journal.ts';
import type { OpenJournal } from '../../src/audit/journal.ts';
import { sampleEvent } from '../../src/audit/sample-events.ts';

const JOURNALS: Readonly<Record<string, OpenJournal>> = {
  bareGroupCommit,
  timedGroupCommit,
  timedBuffer,
  hashChain,
  sqliteJournal,
  engineJournal,
  'holdfastJournal without index': holdfastJournal({ index: false }),
  'holdfastJournal with all': holdfastJournal({ personal: { fields: ['where.ip'] } }),
};

/** Appends five events at once, and counts what is there. */
const countAfterFive = (open: OpenJournal) =>
  withFolder(async (folder) => {
    const journal = await open(folder);
    await Promise.all([0, 1, 2, 3, 4].map((index) => journal.append(sampleEvent(index))));
    await journal.settle();
    const count = await journal.count();
    await journal.close();
    return count;
  });

describe('the journals', () => {
  it.each(Object.entries(JOURNALS))('%s keeps every event that it acknowledges', async (_, open) => {
    expect(await countAfterFive(open)).toBe(5);
  });

  it('postgresJournal does too, and begins anew each time', async () => {
    await using server = await startPostgres();
    expect(await countAfterFive(postgresJournal(server.url))).toBe(5);
    expect(await countAfterFive(postgresJournal(server.url))).toBe(5);
  });

  it('hashChain writes the lines that chainLine makes, in the order of the calls', () =>
    withFolder(async (folder) => {
      const journal = await hashChain(folder);
      const events = [0, 1, 2].map((index) => sampleEvent(index));
      await Promise.all(events.map((event) => journal.append(event)));
      await journal.close();
      let before = '';
      const lines = events.map((event) => {
        const { digest, text } = chainLine(before, JSON.stringify(event));
        before = digest;
        return text;
      });
      expect(readFileSync(path.join(folder, 'journal.jsonl'), 'utf8')).toBe(lines.join(''));
    }));
});
