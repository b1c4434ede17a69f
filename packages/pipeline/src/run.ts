import { isAdmissionRejection, type Rejection } from './errors.ts';
import { Frame } from './frame.ts';
import type { Attempt, Call, GateHook, Outcome, Permit, RecoveryHook, Settled } from './hook.ts';
import { NOT_ENDED } from './interrupt.ts';
import type { Segment, Step } from './segment.ts';
import type { CallOptions, Operation, Result } from './strategy.ts';

/*
 * All hooks on the way in run synchronously, then the operation, then one `then` unwinds every frame: a call that
 * succeeds at its first attempt costs one derived promise, whatever the number of strategies. V8 follows derived
 * promises in asynchronous stack traces, so callers stay visible in them.
 */

/** An error on its way out that nothing inside could mend; thrown or rejected at the edge. */
class Failure {
  readonly error: unknown;
  constructor(error: unknown) {
    this.error = error;
  }
}

/** Refused before anything counts it: what is not a function would fail each attempt of a retry. */
const notAnOperation = (operation: unknown) =>
  new TypeError(`the operation must be a function, got ${operation === null ? 'null' : typeof operation}`);

/** Runs an operation through a compiled pipeline. Never throws synchronously. */
export function run(
  segment: Segment,
  operation: Operation<unknown>,
  options?: CallOptions,
): Promise<unknown> {
  if (typeof operation !== 'function') return Promise.reject(notAnOperation(operation));
  return promised(begin(frameFor(segment, operation, options)));
}

/** Runs an operation and answers with a result; an admission rejection stays a plain object, without an Error. */
export function tryRun(
  segment: Segment,
  operation: Operation<unknown>,
  options?: CallOptions,
): Promise<Result<unknown>> {
  if (typeof operation !== 'function')
    return Promise.resolve({ ok: false, error: notAnOperation(operation) });
  // Never skips the outermost segment: its frame is where a fallback leaves its mark.
  const frame = new Frame(segment, undefined, operation, options, undefined);
  const failed = (error: unknown): Result<unknown> => ({ ok: false, error });
  frame.keepRejectionsPlain();
  const step = begin(frame);
  return step instanceof Failure
    ? Promise.resolve(failed(step.error))
    : step.then((value) => ({ ok: true, value, degraded: frame.degraded }), failed);
}

function begin(frame: Frame): Promise<unknown> | Failure {
  let open;
  try {
    open = frame.options === undefined || frame.open(frame.options);
  } catch (error) {
    return unwind(frame, error);
  }
  return open ? enter(frame) : unwind(frame, undefined);
}

const promised = (step: Promise<unknown> | Failure): Promise<unknown> =>
  step instanceof Failure ? Promise.reject(step.error) : step;

/**
 * Makes the outermost frame. Segments that hold nothing but the recovery around the next one are skipped, and made up
 * by `outerOf` when their recovery has work to do.
 */
function frameFor(segment: Segment, operation: Operation<unknown>, options: CallOptions | undefined): Frame {
  if (options === undefined && segment.steps.length === 0 && segment.driver?.kind === 'recovery') {
    return frameFor(segment.inner as Segment, operation, options);
  }
  return new Frame(segment, undefined, operation, options, undefined);
}

/** The frame around one, unless a driver or the caller waits for its result. */
function outerOf(frame: Frame): Frame | undefined {
  if (frame.started !== undefined || frame.parent !== undefined)
    return frame.started ? undefined : frame.parent;
  const { outer } = frame.segment;
  return outer && new Frame(outer, undefined, frame.operation, frame.options, undefined);
}

/** Enters the steps of a frame that are still to be entered, then whatever stands inside them. */
function enter(frame: Frame): Promise<unknown> | Failure {
  const { steps, driver, inner } = frame.segment;
  while (frame.depth < steps.length) {
    const { gate, scope } = steps[frame.depth] as Step;
    let admitted: ReturnType<GateHook['admit']> | undefined;
    try {
      admitted = gate === undefined ? scope?.enter(frame, frame.depth) : gate.admit(frame);
    } catch (error) {
      return unwind(frame, error);
    }
    if (gate !== undefined && typeof admitted === 'object') {
      if (isQueued(admitted)) return wait(frame, gate, admitted);
      if (isRefusal(admitted)) return unwind(frame, frame.plain ? admitted : gate.toError(admitted));
    }
    frame.push(admitted);
  }
  if (driver === undefined || inner === undefined) return launch(frame, frame.operation);
  if (driver.kind === 'driver')
    return launch(frame, () => driver.run(frame, (n, onCommit) => start(frame, n, onCommit)));
  return enter(new Frame(inner, frame, frame.operation, frame.options, undefined));
}

const isQueued = (answer: object): answer is PromiseLike<Permit | Rejection> => 'then' in answer;
const isRefusal = (answer: object): answer is Rejection => 'code' in answer;

/** Waits for a gate that lets the call queue. */
function wait(frame: Frame, hook: GateHook, turn: PromiseLike<Permit | Rejection>): Promise<unknown> {
  const admitted = async () => {
    const permit = await turn;
    if (typeof permit === 'object' && isRefusal(permit)) {
      const refusal: unknown = frame.plain ? permit : hook.toError(permit);
      throw refusal;
    }
    // Kept in the same turn as the look at `ended`: should the call end in the next one, unwinding gives it back.
    if (!frame.ended) return frame.push(permit);
    // The permit came after the call had ended: it goes back unused.
    hook.settle(permit, 'ignored', frame.interrupt?.reason, frame);
    throw frame.interrupt?.reason;
  };
  return race(frame, admitted).then(
    () => promised(enter(frame)),
    (error: unknown) => thrown(unwind(frame, error)),
  );
}

/** Runs what stands inside a frame's hooks, and unwinds when it has settled. */
function launch(frame: Frame, body: (call: Call) => unknown): Promise<unknown> | Failure {
  if (frame.ended) return unwind(frame, undefined);
  let result;
  try {
    result = frame.interrupt?.racing ? race(frame, body) : body(frame);
  } catch (error) {
    return unwind(frame, error);
  }
  return Promise.resolve(result).then(
    (value) => leave(frame, value),
    (error: unknown) => thrown(unwind(frame, error)),
  );
}

/** What `new Promise` handed out last; saves `race` a closure. */
let resolveLast: (value: unknown) => void;
let rejectLast: (reason: unknown) => void;
const takeResolvers = (resolve: typeof resolveLast, reject: typeof rejectLast) => {
  resolveLast = resolve;
  rejectLast = reject;
};

/** Settles with the body, or as soon as the call is ended; what comes later is dropped. */
function race(frame: Frame, body: (call: Call) => unknown): Promise<unknown> {
  const { interrupt, ended } = frame;
  if (interrupt === undefined) return Promise.resolve(body(frame));
  const first = new Promise(takeResolvers);
  const resolve = resolveLast;
  const reject = (interrupt.reject = rejectLast);
  try {
    Promise.resolve(body(frame)).then(resolve, reject);
  } catch (error) {
    reject(error);
  }
  // A call that ended before has a queued permit all the same, which has to be waited for and given back.
  if (ended) reject(interrupt.reason);
  return first;
}

const thrown = (step: Promise<unknown> | Failure): Promise<unknown> => {
  if (step instanceof Failure) throw step.error;
  return step;
};

/** Carries a value outwards. */
function leave(frame: Frame, value: unknown): unknown {
  settle(frame, 'success', value, NOT_ENDED);
  const { outer } = frame.segment;
  if (outer === undefined || frame.started !== undefined) return value;
  const driver = outer.driver as RecoveryHook;
  const accepted = driver.accept === undefined || driver.accept(value, frame);
  if (accepted && frame.parent === undefined && outer.outer === undefined) return value;
  const around = outerOf(frame) as Frame;
  if (accepted || around.ended || around.committed) return leave(around, value);
  return promised(recover(around, driver, { ok: true, value }));
}

/** Carries an error outwards, to the first recovery that takes it. */
function unwind(frame: Frame, error: unknown): Promise<unknown> | Failure {
  const { interrupt } = frame;
  const endedAt = interrupt?.endedAt ?? NOT_ENDED;
  const cause = interrupt === undefined || endedAt === NOT_ENDED ? error : interrupt.reason;
  settle(frame, endedAt === NOT_ENDED && isAdmissionRejection(cause) ? 'ignored' : 'failure', cause, endedAt);
  const outer = outerOf(frame);
  if (outer === undefined) return new Failure(cause);
  if (outer.ended || outer.committed) return unwind(outer, cause);
  return recover(outer, outer.segment.driver as RecoveryHook, { ok: false, error: cause });
}

function recover(frame: Frame, driver: RecoveryHook, settled: Settled): Promise<unknown> | Failure {
  return launch(frame, () => driver.recover(settled, frame, (n, onCommit) => start(frame, n, onCommit)));
}

/** Gives every entered step of a frame its outcome, innermost first. Gates inside of `endedAt` learn nothing. */
function settle(frame: Frame, outcome: Outcome, result: unknown, endedAt: number): void {
  const { steps } = frame.segment;
  frame.interrupt?.close();
  for (let i = frame.depth - 1; i >= 0; i--) {
    const { gate, scope } = steps[i] as Step;
    if (gate === undefined) scope?.exit(frame.handle(i));
    else gate.settle(frame.permit(i), i > endedAt ? 'ignored' : outcome, result, frame);
  }
}

/** Runs a frame's inner segment once more, for the driver that stands around it. */
function start(outer: Frame, attempt: number, onCommit: (() => void) | undefined): Attempt {
  const started = { attempt, onCommit };
  const frame = new Frame(outer.segment.inner as Segment, outer, outer.operation, outer.options, started);
  // Gates are not asked for an attempt that nobody waits for: a rate limit would spend a token on it.
  const result = promised(outer.ended ? unwind(frame, undefined) : enter(frame));
  // A driver may lose interest in an attempt, but not crash the process with it.
  result.catch(() => undefined);
  return { result, end: (reason) => frame.end(-1, reason, true) };
}
