import { circuitBreaker } from '@holdfast/circuit-breaker';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import { bareCall, bareFailure } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { answer, succeed } from '../operations.ts';

const about = `A call that an open breaker turns away. \`try\` answers with a result instead of an error, and
\`tryAcquire\` with 0. The targets are times, so they hold only on a machine like the one they were set on.`;

export const rejected = timingSuite('rejected', about, () => [
  bareCall,
  bareFailure,
  ...ours(),
  opossum('fire'),
  peer('execute'),
]);

function ours(): readonly TimedCase[] {
  const circuit = circuitBreaker();
  circuit.trip(Infinity);
  const subject = 'holdfast';
  return [
    {
      name: 'execute',
      subject,
      ending: 'rejects',
      op: () => circuit.execute(succeed),
      target: { atMost: { nsPerOp: 1_600 } },
    },
    { name: 'try', subject, op: () => circuit.try(succeed), target: { atMost: { nsPerOp: 120 } } },
    { name: 'executeSync', subject, ending: 'throws', op: () => circuit.executeSync(answer) },
    { name: 'tryAcquire', subject, ending: 'returns', op: () => circuit.tryAcquire() },
  ];
}

function opossum(name: string): TimedCase {
  const circuit = new Opossum(succeed, { timeout: false, resetTimeout: 3_600_000 });
  circuit.open();
  return { name, subject: 'opossum', op: () => circuit.fire(), ending: 'rejects' };
}

function peer(name: string): TimedCase {
  const breaker = new cockatiel.ConsecutiveBreaker(1);
  const policy = cockatiel.circuitBreaker(cockatiel.handleAll, { halfOpenAfter: 3_600_000, breaker });
  policy.isolate();
  return { name, subject: 'cockatiel', op: () => policy.execute(succeed), ending: 'rejects' };
}
