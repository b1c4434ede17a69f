import { defineStrategy, rejection, type GateHook, type Strategy } from '@holdfast/pipeline';

/** A gate that tests open and shut, in place of a circuit breaker. */
export interface TestGate extends Strategy {
  open: boolean;
  /** How many calls it was asked to admit. */
  asked: number;
  retryAfterMs: number | undefined;
}

/** Makes a gate that is shut. */
export function shutGate(retryAfterMs?: number): TestGate {
  const hook: GateHook = {
    kind: 'gate',
    name: 'gate',
    admit() {
      gate.asked++;
      return gate.open ? 1 : rejection('ERR_SHUT', 'gate', gate.retryAfterMs);
    },
    settle: () => undefined,
    toError: (refusal) => Object.assign(new Error('the gate is shut'), refusal),
  };
  const gate: TestGate = Object.assign(defineStrategy('gate', hook), { open: false, asked: 0, retryAfterMs });
  return gate;
}
