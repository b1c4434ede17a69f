import { hash } from 'node:crypto';
import fs from 'node:fs';
import path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';
import { groupCommit } from './group-commit.ts';
import type { Journal, OpenJournal } from './journal.ts';

const write = promisify(fs.write);
const fdatasync = promisify(fs.fdatasync);

/** The earlier system gathered for so long. */
const TIMER_MS = 5;

/** Lines in a file, without any hash. */
type Save = (lines: readonly string[]) => Promise<void>;

/** The limit: lines of JSON, written together and synced as soon as the last sync is done. */
export const bareGroupCommit = lineJournal(true, undefined);

/** As {@link bareGroupCommit}, but a batch leaves when a timer says so. */
export const timedGroupCommit = lineJournal(true, () => sleep(TIMER_MS));

/** Lines that leave by the timer, and are never synced: gone with the machine. */
export const timedBuffer = lineJournal(false, () => sleep(TIMER_MS));

function lineJournal(sync: boolean, pause: (() => Promise<unknown>) | undefined): OpenJournal {
  return (folder) => {
    const { save, ...journal } = openLines(folder, sync);
    const commit = groupCommit<string>(save, pause);
    return Promise.resolve({ ...journal, append: (event) => commit(`${JSON.stringify(event)}\n`) });
  };
}

/** A hash chain as it is written by hand: each line holds the hash of the one before and is synced alone. */
export const hashChain: OpenJournal = (folder) => {
  const { save, ...journal } = openLines(folder, true);
  let before = '';
  let last: Promise<unknown> = Promise.resolve();
  const append: Journal['append'] = (event) => {
    const line = chainLine(before, JSON.stringify(event));
    before = line.digest;
    return (last = last.then(() => save([line.text])));
  };
  return Promise.resolve({ ...journal, append });
};

/** A line of a hash chain, and what the next one begins with. */
export function chainLine(before: string, event: string) {
  const digest = hash('sha256', before + event);
  return { digest, text: `{"hash":"${digest}","event":${event}}\n` };
}

function openLines(folder: string, sync: boolean): Omit<Journal, 'append'> & { readonly save: Save } {
  const file = path.join(folder, 'journal.jsonl');
  const descriptor = fs.openSync(file, 'a');
  return {
    async save(lines) {
      await write(descriptor, Buffer.from(lines.join('')));
      if (sync) await fdatasync(descriptor);
    },
    settle: () => Promise.resolve(),
    count: () => fs.readFileSync(file, 'latin1').split('\n').length - 1,
    close: () => Promise.resolve(fs.closeSync(descriptor)),
  };
}
