import {
  circuitBreaker,
  consecutiveFailures,
  type CircuitBreaker,
  type CircuitState,
} from '@holdfast/circuit-breaker';
import type { Outcome } from '@holdfast/pipeline';
import { manualClock, recordEvents } from '@holdfast/pipeline/testing';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';

const OPEN_MS = 100;
const PROBE_MS = 40;
const LIMITS = { failures: 3, maxProbes: 2, successesToClose: 3 };

/** A call as the model sees it: it counts only while the state that admitted it lasts. */
interface ModelCall {
  readonly era: object;
  readonly startedAtMs: number;
}

/** What a breaker should do, written for reading: no epochs, no numbers, every fact in a field. */
class Model {
  state: CircuitState = 'closed';
  era: object = {};
  nowMs = 0;
  streak = 0;
  openings = 0;
  openedAtMs = 0;
  probes = new Set<ModelCall>();
  probeSuccesses = 0;
  holders = 0;
  totals = { success: 0, failure: 0, ignored: 0, rejected: 0 };

  private to(state: CircuitState): void {
    this.state = state;
    this.era = {};
    this.probes = new Set();
    this.probeSuccesses = 0;
    if (state === 'closed') this.streak = 0;
    if (state === 'open') this.openings++;
  }

  open(atMs = this.nowMs): void {
    if (this.state !== 'closed' && this.state !== 'half-open') return;
    this.to('open');
    this.openedAtMs = atMs;
  }

  enter(): ModelCall | undefined {
    const expired = [...this.probes]
      .map((probe) => probe.startedAtMs + PROBE_MS)
      .filter((at) => at <= this.nowMs);
    if (this.state === 'half-open' && expired.length > 0) this.open(Math.min(...expired));
    if (this.state === 'open' && this.nowMs >= this.openedAtMs + OPEN_MS) this.to('half-open');
    const full = this.state === 'half-open' && this.probes.size >= LIMITS.maxProbes;
    if (this.state === 'open' || this.state === 'isolated' || full) {
      this.totals.rejected++;
      return undefined;
    }
    const call = { era: this.era, startedAtMs: this.nowMs };
    if (this.state === 'half-open') this.probes.add(call);
    return call;
  }

  settle(call: ModelCall, outcome: Outcome): void {
    this.totals[outcome]++;
    if (call.era !== this.era || outcome === 'ignored') {
      this.probes.delete(call);
    } else if (this.state === 'half-open') {
      this.probes.delete(call);
      if (outcome === 'failure') this.open();
      else if (++this.probeSuccesses >= LIMITS.successesToClose) this.to('closed');
    } else if (outcome === 'success') this.streak = 0;
    else if (++this.streak >= LIMITS.failures) this.open();
  }

  reset(): void {
    if (this.state !== 'isolated') this.to('closed');
  }

  isolate(): void {
    if (this.holders++ === 0) this.to('isolated');
  }

  release(): void {
    if (--this.holders === 0) this.to('closed');
  }
}

type Step =
  | { readonly do: 'enter' | 'reset' | 'trip' | 'isolate' | 'release' }
  | { readonly do: 'settle'; readonly which: number; readonly outcome: Outcome; readonly twice: boolean }
  | { readonly do: 'wait'; readonly ms: number };

const outcome = fc.constantFrom<Outcome>('success', 'failure', 'failure', 'success', 'ignored');
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 8, arbitrary: fc.constant({ do: 'enter' } as const) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      which: fc.nat(),
      outcome,
      twice: fc.boolean(),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      do: fc.constant('wait' as const),
      ms: fc.constantFrom(1, PROBE_MS - 1, PROBE_MS, OPEN_MS - 1, OPEN_MS, OPEN_MS + PROBE_MS, 10_000),
    }),
  },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('reset', 'trip', 'isolate', 'release') }) },
);

/** Ways to make a call: all have to mean the same. */
interface Caller {
  /** Answers how to settle the call, or nothing when it is refused. */
  enter(breaker: CircuitBreaker): Promise<((outcome: Outcome) => Promise<void>) | undefined>;
}

const IGNORE_ME = new Error('ignore me');

const byPermit: Caller = {
  enter: async (breaker) => {
    const permit = breaker.tryAcquire();
    return permit === 0 ? undefined : async (outcome) => breaker.record(permit, outcome);
  },
};

const byExecute: Caller = {
  enter: async (breaker) => {
    let settle: ((outcome: Outcome) => void) | undefined;
    const call = breaker.try(
      () =>
        new Promise((resolve, reject) => {
          settle = (outcome) => {
            if (outcome === 'success') resolve(1);
            else reject(outcome === 'failure' ? new Error('failure') : IGNORE_ME);
          };
        }),
    );
    if (settle === undefined) return undefined;
    return async (outcome) => {
      settle?.(outcome);
      await call;
    };
  },
};

const byAdmission: Caller = {
  enter: async (breaker) => {
    try {
      const admission = breaker.acquire();
      return async (outcome) => {
        if (outcome === 'success') admission.succeed();
        else if (outcome === 'failure') admission.fail();
        else admission[Symbol.dispose]();
      };
    } catch {
      return undefined;
    }
  },
};

async function compare(caller: Caller, steps: readonly Step[]): Promise<void> {
  const clock = manualClock();
  const breaker = circuitBreaker({
    clock,
    openMs: OPEN_MS,
    probeTimeoutMs: PROBE_MS,
    maxProbes: LIMITS.maxProbes,
    successesToClose: LIMITS.successesToClose,
    tripRule: consecutiveFailures({ failures: LIMITS.failures }),
    classifyError: (error) => (error === IGNORE_ME ? 'ignored' : undefined),
  });
  const recorder = recordEvents(breaker);
  const model = new Model();
  const running: { model: ModelCall; settle: (outcome: Outcome) => Promise<void> }[] = [];
  const holders: Disposable[] = [];
  for (const each of steps) {
    switch (each.do) {
      case 'enter': {
        const expected = model.enter();
        const settle = await caller.enter(breaker);
        expect(settle !== undefined).toBe(expected !== undefined);
        if (expected && settle) running.push({ model: expected, settle });
        break;
      }
      case 'settle': {
        const [call] = running.splice(each.which % Math.max(1, running.length), 1);
        if (call === undefined) break;
        model.settle(call.model, each.outcome);
        await call.settle(each.outcome);
        if (each.twice) await call.settle('failure');
        break;
      }
      case 'wait':
        model.nowMs += each.ms;
        await clock.advance(each.ms);
        break;
      case 'trip':
        model.open();
        breaker.trip();
        break;
      case 'reset':
        model.reset();
        breaker.reset();
        break;
      case 'isolate':
        model.isolate();
        holders.push(breaker.isolate());
        break;
      case 'release': {
        const holder = holders.pop();
        if (holder === undefined) break;
        model.release();
        holder[Symbol.dispose]();
        holder[Symbol.dispose]();
        break;
      }
    }
    const { state, successes, failures, ignored, rejected, inFlight, openings } = breaker.stats();
    expect({ state, successes, failures, ignored, rejected, inFlight, openings }).toEqual({
      state: model.state,
      successes: model.totals.success,
      failures: model.totals.failure,
      ignored: model.totals.ignored,
      rejected: model.totals.rejected,
      inFlight: running.length,
      openings: model.openings,
    });
  }
  expect(recorder.types.filter((type) => type === 'circuit.opened')).toHaveLength(model.openings);
}

describe('any history of calls, settled in any order', () => {
  it.each([
    ['tryAcquire and record', byPermit, 400],
    ['execute', byExecute, 150],
    ['acquire', byAdmission, 150],
  ])('does what the model does: %s', async (_name, caller, numRuns) => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), (steps) => compare(caller, steps)),
      { numRuns },
    );
  });
});
