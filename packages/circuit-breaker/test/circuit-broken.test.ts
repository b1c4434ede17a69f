import { breakerOf, circuitBreaker, circuitBroken, consecutiveFailures } from '@holdfast/circuit-breaker';
import ts from 'typescript';
import { describe, expect, it } from 'vitest';
import { boom } from './rig.ts';

const SOURCE = `
  class Prices {
    factor = 2;
    @circuitBroken({ name: undefined, tripRule: consecutiveFailures({ failures: 2 }) })
    async latest(n) {
      if (n < 0) throw boom;
      return n * this.factor;
    }
    @circuitBroken({ name: 'prices.oldest' })
    async oldest() {}
  }
  return Prices;
`;

interface Prices {
  factor: number;
  latest(n: number): Promise<number>;
  oldest(): Promise<void>;
}

/** Compiles standard decorators, which the test runner does not. */
function compile(): new () => Prices {
  const { outputText } = ts.transpileModule(`function make() {${SOURCE}}`, {
    compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext },
  });
  const scope = { circuitBroken, consecutiveFailures, boom };
  // eslint-disable-next-line @typescript-eslint/no-implied-eval
  const make = new Function(...Object.keys(scope), `${outputText}; return make();`) as (
    ...values: unknown[]
  ) => new () => Prices;
  return make(...Object.values(scope));
}

describe('@circuitBroken', () => {
  it('keeps this, arguments and result', async () => {
    const Class = compile();
    expect(await new Class().latest(21)).toBe(42);
  });

  it('opens, for all instances of the class', async () => {
    const Class = compile();
    const [one, other] = [new Class(), new Class()];
    await expect(one.latest(-1)).rejects.toBe(boom);
    await expect(other.latest(-1)).rejects.toBe(boom);
    await expect(one.latest(1)).rejects.toMatchObject({ code: 'ERR_CIRCUIT_OPEN', strategy: 'latest' });
  });

  it('gives each method a breaker of its own, in reach as `breaker`', () => {
    const Class = compile();
    const { latest, oldest } = new Class();
    expect(breakerOf(latest)?.name).toBe('latest');
    expect(breakerOf(oldest)?.name).toBe('prices.oldest');
    expect((latest as { breaker?: unknown }).breaker).toBe(breakerOf(latest));
  });

  it('shares nothing between classes made of the same code', () => {
    expect(breakerOf(new (compile())().latest)).not.toBe(breakerOf(new (compile())().latest));
  });
});

describe('breakerOf', () => {
  it('finds the breaker of a wrapped function and none of others', () => {
    const breaker = circuitBreaker();
    expect(breakerOf(breaker.wrap(async () => 1))).toBe(breaker);
    expect(breakerOf(() => 1)).toBeUndefined();
  });
});
