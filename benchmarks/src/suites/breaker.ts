import {
  circuitBreaker,
  confidentFailureRatio,
  consecutiveFailures,
  countWindow,
  failureRatio,
  type CircuitBreaker,
  type TripRule,
} from '@holdfast/circuit-breaker';
import { createMetrics, observe } from '@holdfast/metrics';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import { asyncWrapper, bareCall } from '../baseline.ts';
import type { Limits } from '../harness/suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { answer, succeed } from '../operations.ts';

const about = `A call that succeeds, through a closed breaker. \`executeSync\` protects a synchronous function,
\`tryAcquire\` with \`record\` a caller who cannot wrap what it does; "observed" has a listener for every event, and
"with metrics" the observer of \`@holdfast/metrics\`.`;

export const breaker = timingSuite('breaker', about, () => [
  bareCall,
  asyncWrapper,
  ours('consecutive', consecutiveFailures(), { ratio: 2.4, bytesPerOp: 760 }),
  observed('consecutive, observed', { ratio: 2.6, bytesPerOp: 760 }),
  withMetrics('consecutive, with metrics', { ratio: 2.6, bytesPerOp: 760 }),
  ours('count window', failureRatio({ window: countWindow() }), { ratio: 2.4, bytesPerOp: 760 }),
  ours('time window', failureRatio(), { ratio: 4.2 }),
  ours('statistical rule', confidentFailureRatio()),
  opossum('defaults', {}),
  opossum('no timeout', { timeout: false }),
  opossum('no timeout, percentiles, snapshots', {
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  }),
  peer('consecutive', new cockatiel.ConsecutiveBreaker(5)),
  peer('count window', new cockatiel.CountBreaker({ threshold: 0.5, size: 100 })),
  peer('time window', new cockatiel.SamplingBreaker({ threshold: 0.5, duration: 10_000 })),
  sync('consecutive, executeSync', circuitBreaker()),
  sync('count window, executeSync', circuitBreaker({ tripRule: failureRatio({ window: countWindow() }) })),
  permits('consecutive, tryAcquire and record', circuitBreaker()),
]);

function ours(name: string, tripRule: TripRule, atMost: Limits = {}): TimedCase {
  const circuit = circuitBreaker({ tripRule });
  return { name, subject: 'holdfast', op: () => circuit.execute(succeed), target: { atMost } };
}

function observed(name: string, atMost: Limits): TimedCase {
  const circuit = circuitBreaker();
  circuit.subscribe(() => {});
  return { name, subject: 'holdfast', op: () => circuit.execute(succeed), target: { atMost } };
}

function withMetrics(name: string, atMost: Limits): TimedCase {
  const circuit = circuitBreaker();
  observe(createMetrics(), circuit);
  return { name, subject: 'holdfast', op: () => circuit.execute(succeed), target: { atMost } };
}

function sync(name: string, circuit: CircuitBreaker): TimedCase {
  return {
    name,
    subject: 'holdfast',
    ending: 'returns',
    op: () => circuit.executeSync(answer),
    target: { atMost: { nsPerOp: 6, bytesPerOp: 0 } },
  };
}

function permits(name: string, circuit: CircuitBreaker): TimedCase {
  return {
    name,
    subject: 'holdfast',
    ending: 'returns',
    op: () => circuit.record(circuit.tryAcquire(), 'success'),
    target: { atMost: { nsPerOp: 6, bytesPerOp: 0 } },
  };
}

function opossum(name: string, options: Opossum.Options): TimedCase {
  const circuit = new Opossum(succeed, options);
  return { name, subject: 'opossum', op: () => circuit.fire() };
}

function peer(name: string, rule: cockatiel.IBreaker): TimedCase {
  const policy = cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: 30_000, breaker: rule });
  return { name, subject: 'cockatiel', op: () => policy.execute(succeed) };
}
