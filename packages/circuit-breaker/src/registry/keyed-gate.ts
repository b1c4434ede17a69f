import {
  reportListenerError,
  type Call,
  type Clock,
  type GateHook,
  type Outcome,
  type Permit,
  type Rejection,
} from '@holdfast/pipeline';
import { toCircuitError } from '../errors.ts';
import type { CircuitGate } from '../gate.ts';
import type { Settings } from '../options.ts';
import type { BreakerShelf } from './breaker-shelf.ts';

/** Selects a breaker by what the caller said about the call. `undefined` selects the one for all other calls. */
export type KeyBy = (attributes: Readonly<Record<string, string>>) => string | undefined;

/** A permit, and the gate that takes it back. */
interface KeyedPermit {
  readonly gate: CircuitGate;
  readonly permit: Permit;
}

/** The permit of a call for whose breaker there is no room. */
const UNGUARDED: object = Object.freeze({});

/** A gate that is another one for each key. */
export class KeyedGate implements GateHook {
  readonly kind = 'gate';
  readonly type = 'circuit-breaker';
  readonly name: string;
  readonly clock: Clock;
  private readonly keyBy: KeyBy;
  private readonly shelf: BreakerShelf;
  private readonly settings: Settings;

  constructor(settings: Settings, keyBy: KeyBy, shelf: BreakerShelf) {
    this.name = settings.name;
    this.clock = settings.clock;
    this.settings = settings;
    this.keyBy = keyBy;
    this.shelf = shelf;
  }

  admit(call: Call): Permit | Rejection | Promise<Permit | Rejection> {
    const gate = this.shelf.take(this.keyOf(call))?.gate;
    if (gate === undefined) return UNGUARDED;
    const admitted = gate.admit(call);
    return admitted instanceof Promise ? admitted.then((later) => keyed(gate, later)) : keyed(gate, admitted);
  }

  private keyOf(call: Call): string | undefined {
    try {
      return this.keyBy(call.attributes);
    } catch (error) {
      reportListenerError(this.settings.onListenerError ?? console.error, error);
      return undefined;
    }
  }

  settle(permit: Permit, outcome: Outcome, result: unknown): void {
    if (permit === UNGUARDED) return;
    const { gate, permit: inner } = permit as KeyedPermit;
    gate.settle(inner, outcome, result);
  }

  toError(rejection: Rejection): Error {
    return toCircuitError(rejection, this.settings.captureStack);
  }
}

function keyed(gate: CircuitGate, admitted: Permit | Rejection): KeyedPermit | Rejection {
  return typeof admitted === 'object' && 'code' in admitted ? admitted : { gate, permit: admitted };
}
