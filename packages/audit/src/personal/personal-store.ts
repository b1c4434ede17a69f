import path from 'node:path';
import type { ServiceClient } from '../background/service-client.ts';
import type { PersonalKeeper } from '../record/recorder.ts';
import { startService } from '../start-service.ts';
import type { ErasedStep, PersonalRow, Subject } from './personal-database.ts';
import { PersonalDraft, type PersonalValue } from './personal-draft.ts';
import type { PersonalPaths } from './personal-paths.ts';
import { SaltPool } from './salt-pool.ts';

/** What was erased. */
export type Erased = Omit<ErasedStep, 'next'>;

interface Batch {
  readonly rows: PersonalRow[];
  readonly kept: Promise<void>;
}

/**
 * Keeps personal values beside the log, in a database of their own that a thread of its own writes to: a commit of
 * SQLite waits for the disk, which must not hold up the appends. What arrives while one is under way shares the next.
 */
export class PersonalStore implements PersonalKeeper {
  private readonly paths: PersonalPaths;
  private readonly salts = new SaltPool();
  private readonly service: ServiceClient;
  private nextRef: number;
  private committing: Promise<unknown> = Promise.resolve();
  private next: Batch | undefined;

  private constructor(paths: PersonalPaths, service: ServiceClient, nextRef: number) {
    this.paths = paths;
    this.service = service;
    this.nextRef = nextRef;
  }

  /** @param dir - the directory of the log */
  static async open(dir: string, paths: PersonalPaths): Promise<PersonalStore> {
    const service = startService({ service: 'personal', file: path.join(dir, 'personal.sqlite') });
    try {
      return new PersonalStore(paths, service, (await service.call('nextRef')) as number);
    } catch (error) {
      await service.close();
      throw error;
    }
  }

  draft(): PersonalDraft {
    return new PersonalDraft(this.paths, this.salts, () => this.nextRef++);
  }

  keep(draft: PersonalDraft, tenant: string, subject: string | undefined): Promise<void> {
    const payload = JSON.stringify(Object.fromEntries(draft.values));
    const batch = (this.next ??= this.startBatch());
    batch.rows.push({ ref: draft.ref, tenant, subject: subject ?? '', payload });
    return batch.kept;
  }

  private startBatch(): Batch {
    const rows: PersonalRow[] = [];
    const kept = this.committing
      .catch(() => {})
      .then(() => {
        this.next = undefined;
        return this.service.call('keep', rows);
      }) as Promise<void>;
    this.committing = kept;
    return { rows, kept };
  }

  /**
   * The values of an event, by what stands for each in the entry; nothing of what was erased.
   *
   * @param ref - `personal.ref` of the entry
   */
  async find(ref: number): Promise<ReadonlyMap<string, PersonalValue>> {
    const payload = (await this.service.call('find', ref)) as string | undefined;
    return new Map(Object.entries(JSON.parse(payload ?? '{}') as Record<string, PersonalValue>));
  }

  /** Erases all values of a subject; what was given to `keep` before counts. They are gone from the disk afterwards. */
  async erase(whose: Subject): Promise<Erased> {
    await this.committing.catch(() => {});
    let events = 0;
    let step: ErasedStep;
    let from: number | undefined = 0;
    do {
      step = (await this.service.call('eraseStep', { ...whose, from })) as ErasedStep;
      events += step.events;
      from = step.next;
    } while (from !== undefined);
    await this.service.call('truncateLog');
    return { events, subject: step.subject };
  }

  /** Waits for what was given to `keep`. */
  async close(): Promise<void> {
    await this.committing.catch(() => {});
    await this.service.close();
  }
}
