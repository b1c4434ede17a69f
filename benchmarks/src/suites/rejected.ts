import { circuitBreaker, ConsecutiveBreaker, handleAll } from 'cockatiel';
import Opossum from 'opossum';
import { bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed } from '../operations.ts';

const about = `A call that an open breaker turns away.`;

export const rejected = timingSuite('rejected', about, () => [bareCall, opossum(), cockatiel()]);

function opossum(): TimedCase {
  const circuit = new Opossum(succeed, { timeout: false, resetTimeout: 3_600_000 });
  circuit.open();
  return { name: 'fire', subject: 'opossum', op: () => circuit.fire(), ending: 'rejects' };
}

function cockatiel(): TimedCase {
  const policy = circuitBreaker(handleAll, { halfOpenAfter: 3_600_000, breaker: new ConsecutiveBreaker(1) });
  policy.isolate();
  return { name: 'execute', subject: 'cockatiel', op: () => policy.execute(succeed), ending: 'rejects' };
}
