import type { Operation } from '@holdfast/pipeline';
import { timeout } from '@holdfast/timeout';
import * as cockatiel from 'cockatiel';
import Opossum from 'opossum';
import { bareCall } from '../baseline.ts';
import type { TimedCase } from '../harness/timed-case.ts';
import { timingSuite } from '../harness/timing-suite.ts';
import { succeed, succeedWithSignal } from '../operations.ts';

const about = `A call that succeeds in time, through a timeout of a second.`;

const { Aggressive, Cooperative } = cockatiel.TimeoutStrategy;

export const timeouts = timingSuite('timeout', about, () => [
  bareCall,
  { name: 'setTimeout and clearTimeout', subject: 'platform', op: withTimer },
  { name: 'AbortSignal.timeout', subject: 'platform', op: withSignal },
  ours('cooperative', 'cooperative', succeed),
  ours('strict', 'strict', succeed),
  ours('strict, signal read', 'strict', succeedWithSignal),
  peer('cooperative', Cooperative, succeed),
  peer('strict', Aggressive, succeed),
  peer('strict, no abort after success', Aggressive, succeed, false),
  peer('strict, signal read', Aggressive, succeedWithSignal),
  opossum('breaker with timeout'),
]);

async function withTimer(): Promise<number> {
  const timer = setTimeout(() => {}, 1_000);
  try {
    return await succeed();
  } finally {
    clearTimeout(timer);
  }
}

function withSignal(): Promise<number> {
  return succeedWithSignal({ signal: AbortSignal.timeout(1_000) });
}

function ours(name: string, mode: 'strict' | 'cooperative', operation: Operation<number>): TimedCase {
  const strategy = timeout({ timeoutMs: 1_000, mode });
  return { name, subject: 'holdfast', op: () => strategy.execute(operation) };
}

function peer(
  name: string,
  strategy: cockatiel.TimeoutStrategy,
  operation: (context: { readonly signal: AbortSignal }) => Promise<number>,
  abortOnReturn = true,
): TimedCase {
  const policy = cockatiel.timeout(1_000, { strategy, abortOnReturn });
  return { name, subject: 'cockatiel', op: () => policy.execute((_, signal) => operation({ signal })) };
}

function opossum(name: string): TimedCase {
  const circuit = new Opossum(succeed, { timeout: 1_000 });
  return { name, subject: 'opossum', op: () => circuit.fire() };
}
