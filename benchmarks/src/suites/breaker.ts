import {
  circuitBreaker,
  ConsecutiveBreaker,
  CountBreaker,
  handleAll,
  SamplingBreaker,
  type IBreaker,
} from 'cockatiel';
import Opossum from 'opossum';
import { asyncWrapper, bareCall } from '../baseline.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { succeed } from '../operations.ts';

const about = `A call that succeeds, through a closed breaker.`;

export const breaker = timingSuite('breaker', about, () => [
  bareCall,
  asyncWrapper,
  opossum('defaults', {}),
  opossum('no timeout', { timeout: false }),
  opossum('no timeout, percentiles or snapshots', {
    timeout: false,
    rollingPercentilesEnabled: false,
    enableSnapshots: false,
  }),
  cockatiel('consecutive', new ConsecutiveBreaker(5)),
  cockatiel('count window', new CountBreaker({ threshold: 0.5, size: 100 })),
  cockatiel('time window', new SamplingBreaker({ threshold: 0.5, duration: 10_000 })),
]);

function opossum(name: string, options: Opossum.Options): TimedCase {
  const circuit = new Opossum(succeed, options);
  return { name, subject: 'opossum', op: () => circuit.fire() };
}

function cockatiel(name: string, rule: IBreaker): TimedCase {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 30_000, breaker: rule });
  return { name, subject: 'cockatiel', op: () => policy.execute(succeed) };
}
