import type { Hook } from './hook.ts';
import { strategyHooks, type Composable } from './strategy.ts';

/** How a pipeline works, and what is wrong with it. */
export interface Explanation {
  /** The steps in the order in which a call enters them. */
  readonly steps: readonly ExplainedStep[];
  /** Known mistakes, each as a sentence with its remedy. Empty when nothing is wrong. */
  readonly warnings: readonly string[];
  /** Both as text, one line each. */
  toString(): string;
}

/** One step of a pipeline. */
export interface ExplainedStep {
  /** What the step is: `circuit-breaker`, `retry`. The name of the strategy where it does not say. */
  readonly type: string;
  /** The name it was given. */
  readonly name: string;
  /** How it takes part: admits calls, watches over them, or runs what is inside it again. */
  readonly kind: Hook['kind'];
}

interface Mistake {
  readonly found: (step: ExplainedStep, inside: readonly ExplainedStep[]) => boolean;
  readonly warning: (step: ExplainedStep) => string;
}

const has = (steps: readonly ExplainedStep[], type: string) => steps.some((step) => step.type === type);

const MISTAKES: readonly Mistake[] = [
  {
    found: ({ type }, inside) => type === 'circuit-breaker' && has(inside, 'retry'),
    warning: ({ name }) =>
      `The retry stands inside the breaker "${name}", which therefore counts a call with all its attempts once, and ` +
      `attempts go on after it should have opened. Put the retry outside of the breaker.`,
  },
  {
    found: ({ type }, inside) => type === 'circuit-breaker' && !has(inside, 'timeout'),
    warning: ({ name }) =>
      `No timeout stands inside the breaker "${name}": a dependency that only hangs never opens it, except by the limits of a stream. ` +
      `Add a timeout inside of the breaker.`,
  },
  {
    found: ({ type }, inside) => type === 'retry' && !has(inside, 'timeout'),
    warning: ({ name }) =>
      `No timeout stands inside the retry "${name}": one attempt that hangs uses up the whole call, except by the limits of a stream. ` +
      `Add a timeout inside of the retry.`,
  },
  {
    found: ({ type }, inside) => (type === 'circuit-breaker' || type === 'retry') && has(inside, 'fallback'),
    warning: ({ type, name }) =>
      `The fallback stands inside the ${type} "${name}", which therefore never sees a failure. ` +
      `Put the fallback outermost.`,
  },
];

/**
 * Tells the effective order of a strategy's steps, and warns of known mistakes of composition.
 *
 * @example
 * ```ts
 * import { explain, pipeline } from '@holdfast/pipeline';
 * import { circuitBreaker } from '@holdfast/circuit-breaker';
 * import { retry } from '@holdfast/retry';
 *
 * console.log(String(explain(pipeline(circuitBreaker({ name: 'stripe' }), retry({ maxAttempts: 3 })))));
 * ```
 */
export function explain(strategy: Composable): Explanation {
  const steps = strategy[strategyHooks].map(({ type, name, kind }) => ({ type: type ?? name, name, kind }));
  const warnings = steps.flatMap((step, index) =>
    MISTAKES.filter(({ found }) => found(step, steps.slice(index + 1))).map(({ warning }) => warning(step)),
  );
  const lines = [
    ...steps.map(({ type, name }, index) => `${index + 1}. ${type}${type === name ? '' : ` "${name}"`}`),
    ...warnings.map((warning) => `! ${warning}`),
  ];
  return { steps, warnings, toString: () => lines.join('\n') };
}
