import {
  circuitBreaker,
  confidentFailureRatio,
  consecutiveFailures,
  countWindow,
  failureRatio,
  type TripRule,
} from '@holdfast/circuit-breaker';
import type { Clock } from '@holdfast/pipeline';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import type { FiguresCase } from '../harness/figures-suite.ts';

/** A breaker whose calls end as they are told. */
export interface Trial {
  /** Makes a call; its outcome is known when all promises have settled. */
  call(ok: boolean): void;
  /** Whether the breaker has opened. */
  readonly open: boolean;
}

/** A way to decide when to open. */
export interface TripKind extends FiguresCase {
  readonly start: (clock: Clock) => Trial;
}

const outcome = (ok: boolean) => (ok ? Promise.resolve() : Promise.reject(new Error('failed')));
const ignore = () => {};

const THRESHOLD = 0.5;
const WINDOW_MS = 10_000;

/** Every rule that opens at half of the calls failing, and the one that counts failures in a row. */
export const TRIP_KINDS: readonly TripKind[] = [
  {
    ...ours('statistical rule', confidentFailureRatio({ failureRatio: THRESHOLD })),
    target: { atMost: { 'opened by chance, %': 1, 'opens after, s': 1.2 } },
  },
  ours('10 s window, at least 20 calls (default)', failureRatio({ failureRatio: THRESHOLD })),
  ours('10 s window, at least 100 calls', failureRatio({ failureRatio: THRESHOLD, minCalls: 100 })),
  ours('last 100 calls', failureRatio({ failureRatio: THRESHOLD, minCalls: 100, window: countWindow() })),
  ours('5 failures in a row', consecutiveFailures()),
  opossum('10 s window (default)', 0),
  opossum('10 s window, at least 20 calls', 20),
  opossum('10 s window, at least 100 calls', 100),
  peer(
    '10 s window (default)',
    () => new cockatiel.SamplingBreaker({ threshold: THRESHOLD, duration: WINDOW_MS }),
  ),
  peer('last 100 calls', () => new cockatiel.CountBreaker({ threshold: THRESHOLD, size: 100 })),
  peer('5 failures in a row', () => new cockatiel.ConsecutiveBreaker(5)),
];

function ours(name: string, tripRule: TripRule): TripKind {
  return {
    name,
    subject: 'holdfast',
    start(clock) {
      const circuit = circuitBreaker({ tripRule, clock });
      return {
        call: (ok) => void circuit.execute(() => outcome(ok)).catch(ignore),
        get open() {
          return circuit.state === 'open';
        },
      };
    },
  };
}

function opossum(name: string, volumeThreshold: number): TripKind {
  return {
    name,
    subject: 'opossum',
    start() {
      const options = { timeout: false, errorThresholdPercentage: THRESHOLD * 100, volumeThreshold } as const;
      const circuit = new Opossum(outcome, { ...options, rollingCountTimeout: WINDOW_MS });
      return {
        call: (ok) => void circuit.fire(ok).catch(ignore),
        get open() {
          return circuit.opened;
        },
      };
    },
  };
}

function peer(name: string, makeRule: () => cockatiel.IBreaker): TripKind {
  return {
    name,
    subject: 'cockatiel',
    start() {
      const options = { halfOpenAfter: 30_000, breaker: makeRule() };
      const policy = cockatiel.circuitBreaker(cockatiel.handleAll, options);
      return {
        call: (ok) => void policy.execute(() => outcome(ok)).catch(ignore),
        get open() {
          return policy.state === cockatiel.CircuitState.Open;
        },
      };
    },
  };
}
