import type { PersonalReference } from '../events/event-encoder.ts';
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
export class PersonalDraft implements PersonalReference {
  readonly paths: PersonalPaths;
  /** By what stands for each in the entry. */
  readonly values = new Map<string, PersonalValue>();
  private readonly fields = new Set<string>();
  private readonly salts: SaltPool;
  private readonly newRef: () => number;
  /** Under which number the values are kept, once there are any. */
  ref = 0;

  constructor(paths: PersonalPaths, salts: SaltPool, newRef: () => number) {
    this.paths = paths;
    this.salts = salts;
    this.newRef = newRef;
  }

  put(path: string, json: string): string {
    const salt = this.salts.next();
    const commitment = commitmentTo(salt, json);
    this.values.set(commitment, { salt, json });
    this.fields.add(path);
    return commitment;
  }

  reference(): string | undefined {
    if (this.fields.size === 0) return undefined;
    this.ref = this.newRef();
    return `{"fields":${JSON.stringify([...this.fields].sort())},"ref":${this.ref}}`;
  }
}
