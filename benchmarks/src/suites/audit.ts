import { bareGroupCommit, hashChain, timedBuffer, timedGroupCommit } from '../audit/file-journals.ts';
import { postgresJournal, sqliteJournal } from '../audit/database-journals.ts';
import { driveInTurns, type DrivenCase, type DriveOptions } from '../audit/drive-in-turns.ts';
import { engineJournal, holdfastJournal } from '../audit/holdfast-journal.ts';
import type { OpenJournal } from '../audit/journal.ts';
import type { Suite, Target } from '../harness/suite.ts';

const about = `Callers that append one event of about 400 bytes after the other, each waiting until it is on the disk; three
turns of 0.6 s a case, every time in a new folder below the system's for temporary files. \`events/s\` counts to the
moment when tiles and signed checkpoints are written too, and so do \`ns/op\` and the ratio, which is to bare group
commit under as many callers; \`acks/s\` counts to the last acknowledgement. \`CPU us\` is that of the whole process for an
event, callers and threads included, the server of PostgreSQL not; the compiler's work is in it too, and in turns of 2 s
Holdfast's is about a fifth less.

Bare group commit writes lines of JSON and syncs them with \`fdatasync\` as soon as the last sync is done: the limit of the
machine. All Holdfast cases hash into a Merkle tree and sign; "with index" waits for the index of \`query\` too, which
works in a thread of its own and lags behind at such rates; 1,000 tenants have a tree each, take turns of
2.4 s, and \`x one tenant\` sets their time for an event beside that of one. node:sqlite (WAL, \`synchronous = FULL\`) and PostgreSQL 18 write all
that waits as one transaction, with two indexes and no proofs; better-sqlite3 is left out, since it compiles itself
at install. "5 ms timer" is a group commit by timer, as the earlier system had; the one that "never syncs" loses what it
acknowledged when the machine stops, and no caller ever waits for the disk. The hash chain is what one writes by hand:
a file, a hash of the line before in each line, a sync for each event.`;

const CALLERS = [1, 16, 64, 256, 1_024];
const TURNS = { turns: 3, turnMs: 600 };

/** A suite whose cases can be driven for a shorter time. */
export interface DrivenSuite extends Suite {
  drive(options: DriveOptions): Promise<Awaited<ReturnType<typeof driveInTurns>>>;
}

export const audit: DrivenSuite = {
  name: 'audit',
  about,
  async drive(options) {
    // Loaded when it is needed: it ends the process that imports it with exit code 0, whatever was set before.
    const { startPostgres } = await import('../../../scripts/services/postgres.ts');
    await using server = await startPostgres();
    return await driveInTurns(casesWith(server.url), options);
  },
  async run(progress) {
    return { baseline: 'bare group commit', cases: await this.drive({ ...TURNS, progress }) };
  },
};

function casesWith(postgresUrl: string): readonly DrivenCase[] {
  const tree = holdfastJournal({ index: false });
  const personal = holdfastJournal({ index: false, personal: { fields: ['where.ip', 'actor.name'] } });
  const postgres = postgresJournal(postgresUrl);
  return [
    ...CALLERS.map((callers) => driven('bare group commit', 'platform', bareGroupCommit, callers)),
    ...CALLERS.map((callers) => driven('one tenant', 'holdfast', tree, callers, targets[callers])),
    {
      ...driven('1,000 tenants', 'holdfast', tree, 256, { atMost: { 'x one tenant': 2 } }),
      tenants: 1_000,
      patience: 4,
      beside: 'one tenant, 256 callers',
    },
    driven('two personal fields', 'holdfast', personal, 256),
    driven('with index', 'holdfast', holdfastJournal({}), 256),
    driven('engine alone', 'holdfast', engineJournal, 256),
    ...[256, 1_024].map((callers) => driven('one transaction', 'node:sqlite', sqliteJournal, callers)),
    ...[256, 1_024].map((callers) => driven('one INSERT', 'pg', postgres, callers)),
    ...[64, 256].map((callers) => driven('5 ms timer', 'node:fs', timedGroupCommit, callers)),
    driven('5 ms timer, never syncs', 'node:fs', timedBuffer, 256),
    driven('hash chain', 'node:fs', hashChain, 256),
  ];
}

const targets: Readonly<Record<number, Target>> = {
  1: { atMost: { 'p50 ms': 0.5 } },
  256: { atLeast: { 'events/s': 50_000 }, atMost: { 'CPU us': 6 } },
};

const driven = (
  name: string,
  subject: string,
  open: OpenJournal,
  callers: number,
  target?: Target,
): DrivenCase => ({
  name: `${name}, ${callers === 1 ? '1 caller' : `${callers.toLocaleString('en')} callers`}`,
  subject,
  open,
  callers,
  ...(target === undefined ? {} : { target }),
});
