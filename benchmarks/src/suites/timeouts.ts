import { timeout, TimeoutStrategy } from 'cockatiel';
import Opossum from 'opossum';
import { bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed, succeedWithSignal } from '../operations.ts';

const about = `A call that succeeds in time, through a timeout of a second.`;

export const timeouts = timingSuite('timeout', about, () => [
  bareCall,
  { name: 'setTimeout and clearTimeout', subject: 'platform', op: withTimer },
  {
    name: 'AbortSignal.timeout',
    subject: 'platform',
    op: () => succeedWithSignal({ signal: AbortSignal.timeout(1_000) }),
  },
  cockatiel('cooperative', TimeoutStrategy.Cooperative, succeed),
  cockatiel('strict', TimeoutStrategy.Aggressive, succeed),
  cockatiel('strict, no abort after success', TimeoutStrategy.Aggressive, succeed, false),
  cockatiel('strict, signal read', TimeoutStrategy.Aggressive, succeedWithSignal),
  opossum(),
]);

async function withTimer(): Promise<number> {
  const timer = setTimeout(() => {}, 1_000);
  try {
    return await succeed();
  } finally {
    clearTimeout(timer);
  }
}

function cockatiel(
  name: string,
  strategy: TimeoutStrategy,
  operation: (context: { readonly signal: AbortSignal }) => Promise<number>,
  abortOnReturn = true,
): TimedCase {
  const policy = timeout(1_000, { strategy, abortOnReturn });
  return { name, subject: 'cockatiel', op: () => policy.execute((_, signal) => operation({ signal })) };
}

function opossum(): TimedCase {
  const circuit = new Opossum(succeed, { timeout: 1_000 });
  return { name: 'breaker with timeout', subject: 'opossum', op: () => circuit.fire() };
}
