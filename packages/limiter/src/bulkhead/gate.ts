import type { Call, Clock, GateHook, Outcome, Permit, Rejection } from '@holdfast/pipeline';
import { BulkheadFullError, type BulkheadRejection } from '../errors.ts';
import { keyOf } from '../keys.ts';
import { Compartment, type BulkheadCore } from './compartment.ts';
import type { BulkheadSettings } from './options.ts';

/** How many compartments are looked at to make room for a new one. */
const MAX_LOOKS = 16;

/** A permit of a compartment with a key. */
interface KeyedPermit {
  readonly compartment: Compartment;
  readonly startedAtMs: number;
}

/** Where calls pass the bulkhead: finds their compartment. */
export class BulkheadGate implements GateHook {
  readonly kind = 'gate';
  readonly type = 'bulkhead';
  readonly name: string;
  readonly clock: Clock;
  /** Of calls without a key. */
  readonly shared: Compartment;
  readonly keyed = new Map<string, Compartment>();
  private readonly core: BulkheadCore;
  private readonly settings: BulkheadSettings;

  constructor(core: BulkheadCore) {
    this.settings = core.settings;
    this.name = core.settings.name;
    this.clock = core.settings.clock;
    this.core = core;
    this.shared = new Compartment(core, undefined);
  }

  admit(call: Call): Permit | Rejection | Promise<Permit | Rejection> {
    const compartment = this.compartmentOf(call);
    return compartment === this.shared ? compartment.enter(call) : enterKeyed(compartment, call);
  }

  settle(permit: Permit, outcome: Outcome, result: unknown): void {
    if (typeof permit === 'number') return this.shared.leave(permit, outcome, result);
    const { compartment, startedAtMs } = permit as KeyedPermit;
    compartment.leave(startedAtMs, outcome, result);
  }

  toError(rejection: Rejection): BulkheadFullError {
    const { strategy, reason } = rejection as BulkheadRejection;
    return new BulkheadFullError(reason, { strategy, captureStack: this.settings.captureStack });
  }

  /** Finds the compartment of a call; one without a key, or for whose key there is no room, has that of all others. */
  private compartmentOf(call: Call): Compartment {
    if (this.settings.keyBy === undefined) return this.shared;
    const key = keyOf(this.settings, call.attributes);
    if (key === undefined) return this.shared;
    return this.keyed.get(key) ?? this.add(key) ?? this.shared;
  }

  private add(key: string): Compartment | undefined {
    if (this.keyed.size >= this.settings.maxKeys && !this.evict()) return undefined;
    const compartment = new Compartment(this.core, key);
    this.keyed.set(key, compartment);
    return compartment;
  }

  /** Drops a compartment without calls, which is as good as a new one; without a look at all of them. */
  private evict(): boolean {
    let looks = 0;
    for (const [key, compartment] of this.keyed) {
      this.keyed.delete(key);
      if (compartment.inFlight + compartment.waiting === 0) return true;
      this.keyed.set(key, compartment);
      if (++looks === MAX_LOOKS) break;
    }
    return false;
  }
}

/** Apart from `admit`, whose calls without a key would otherwise pay for the closure. */
function enterKeyed(compartment: Compartment, call: Call): Permit | Rejection | Promise<Permit | Rejection> {
  const answer = compartment.enter(call);
  return answer instanceof Promise
    ? answer.then((later) => keyedPermit(compartment, later))
    : keyedPermit(compartment, answer);
}

function keyedPermit(compartment: Compartment, answer: Permit | Rejection): KeyedPermit | Rejection {
  return typeof answer === 'number' ? { compartment, startedAtMs: answer } : (answer as Rejection);
}
