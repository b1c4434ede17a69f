import type { Outcome, Permit } from '@holdfast/pipeline';
import type { CircuitGate } from './gate.ts';

/** An admitted call whose outcome its holder reports: the first report counts, leaving without one counts as nothing. */
export interface Admission extends Disposable {
  /** The call succeeded; `value` is shown to `classifyResult`. */
  succeed(value?: unknown): void;
  /** The call failed; `error` is shown to `classifyError`. */
  fail(error?: unknown): void;
  /** The call says nothing about the dependency. */
  ignore(): void;
}

export class HeldPermit implements Admission {
  private readonly gate: CircuitGate;
  private permit: Permit | undefined;

  constructor(gate: CircuitGate, permit: Permit) {
    this.gate = gate;
    this.permit = permit;
  }

  succeed(value?: unknown): void {
    this.report('success', value);
  }

  fail(error?: unknown): void {
    this.report('failure', error);
  }

  ignore(): void {
    this.report('ignored', undefined);
  }

  [Symbol.dispose](): void {
    this.ignore();
  }

  private report(outcome: Outcome, result: unknown): void {
    const { permit } = this;
    this.permit = undefined;
    if (permit !== undefined) this.gate.settle(permit, outcome, result);
  }
}
