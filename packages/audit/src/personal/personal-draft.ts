import type { PersonalShelf } from '../events/scribe.ts';
import { commitmentTo } from './commitment.ts';
import type { PersonalPaths } from './personal-paths.ts';
import type { SaltPool } from './salt-pool.ts';

/** A personal value with the salt of its commitment. */
export interface PersonalValue {
  readonly salt: string;
  /** The value in canonical JSON. */
  readonly json: string;
}

/** The personal values of one event, on their way to the store. */
export class PersonalDraft implements PersonalShelf {
  readonly paths: PersonalPaths;
  readonly values = new Map<string, PersonalValue>();
  private readonly salts: SaltPool;

  constructor(paths: PersonalPaths, salts: SaltPool) {
    this.paths = paths;
    this.salts = salts;
  }

  put(field: string, json: string): string {
    const salt = this.salts.next();
    this.values.set(field, { salt, json });
    return commitmentTo(salt, json);
  }
}
