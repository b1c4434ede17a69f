import {
  HoldfastError,
  type Call,
  type GateHook,
  type Outcome,
  type Permit,
  type Rejection,
} from '@holdfast/pipeline';

/** What `execute` throws for a call that a test's gate refused. */
export class ShutError extends HoldfastError {
  override readonly name = 'ShutError';
  readonly code = 'ERR_SHUT';
}

type Answer = Permit | Rejection | PromiseLike<Permit | Rejection>;

/** A gate that remembers what it was asked and told. */
export interface RecordingGate extends GateHook {
  readonly admitted: Permit[];
  readonly settled: { readonly permit: Permit; readonly outcome: Outcome; readonly result: unknown }[];
  /** The outcomes alone, oldest first. */
  readonly outcomes: readonly Outcome[];
}

/**
 * Makes a gate.
 *
 * @param log - where it writes `+name` on admission and `-name` on settling
 * @param answer - what it answers to a call that would get this permit. Default: the permit
 */
export function recordingGate(
  name = 'gate',
  log: string[] = [],
  answer: (permit: number, call: Call) => Answer = (permit) => permit,
): RecordingGate {
  const admitted: Permit[] = [];
  const settled: RecordingGate['settled'] = [];
  const granted = (given: Permit | Rejection) => {
    if (typeof given === 'number' || !('code' in given)) admitted.push(given);
    return given;
  };
  let asked = 0;
  return {
    kind: 'gate',
    name,
    admitted,
    settled,
    get outcomes() {
      return settled.map(({ outcome }) => outcome);
    },
    admit(call) {
      log.push(`+${name}`);
      const given = answer(++asked, call);
      return typeof given === 'object' && 'then' in given ? given.then(granted) : granted(given);
    },
    settle(permit, outcome, result) {
      log.push(`-${name}`);
      settled.push({ permit, outcome, result });
    },
    toError: (refusal) => new ShutError('shut', refusal),
  };
}
