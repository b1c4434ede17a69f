import type { Call, GateHook, Outcome } from '@holdfast/pipeline';
import { statusOutcome } from './status.ts';

/** Watches the body of a good response: whether there is one, and how it ended. */
export type WatchBody = (response: Response, onOver: (outcome: Outcome, error?: unknown) => void) => boolean;

/** A gate that hears of a good response only when its body has ended, because until then it is only half an answer. */
export function patientGate(gate: GateHook, watch: WatchBody): GateHook {
  return {
    ...described(gate),
    admit: (call) => gate.admit(call),
    toError: (rejection) => gate.toError(rejection),
    settle(permit, outcome, result, call: Call) {
      const watched =
        isGood(outcome, result) &&
        watch(result as Response, (ended, error) =>
          gate.settle(permit, ended, ended === 'success' ? result : error, call),
        );
      if (!watched) gate.settle(permit, outcome, result, call);
    },
  };
}

function described({ name, type, clock }: GateHook) {
  return {
    kind: 'gate',
    name,
    ...(type === undefined ? {} : { type }),
    ...(clock === undefined ? {} : { clock }),
  } as const;
}

function isGood(outcome: Outcome, result: unknown): boolean {
  return outcome === 'success' && statusOutcome((result as Response).status) === 'success';
}
