import { defineStrategy, explain, pipeline, type Hook } from '@holdfast/pipeline';
import { describe, expect, it } from 'vitest';

const step = (type: string, name = type) =>
  defineStrategy(name, {
    kind: 'scope',
    type,
    name,
    strict: false,
    enter: () => undefined,
    exit: () => undefined,
  });
const warningsOf = (...types: string[]) => explain(pipeline(...types.map((type) => step(type)))).warnings;

describe('explain', () => {
  it('tells the steps in the order in which a call enters them', () => {
    const guarded = pipeline(
      step('timeout'),
      pipeline(step('retry'), step('circuit-breaker', 'stripe')),
      step('timeout'),
    );
    const explained = explain(guarded);
    expect(explained.steps).toEqual([
      { type: 'timeout', name: 'timeout', kind: 'scope' },
      { type: 'retry', name: 'retry', kind: 'scope' },
      { type: 'circuit-breaker', name: 'stripe', kind: 'scope' },
      { type: 'timeout', name: 'timeout', kind: 'scope' },
    ]);
    expect(explained.warnings).toEqual([]);
    expect(String(explained)).toBe('1. timeout\n2. retry\n3. circuit-breaker "stripe"\n4. timeout');
  });

  it('names a step that does not say what it is by its name', () => {
    const hook: Hook = { kind: 'driver', name: 'mine', run: (_call, start) => start(1).result };
    expect(explain(defineStrategy('other', hook)).steps).toEqual([
      { type: 'mine', name: 'mine', kind: 'driver' },
    ]);
  });

  it.each([
    [['circuit-breaker', 'retry', 'timeout'], ['Put the retry outside of the breaker.']],
    [['circuit-breaker'], ['Add a timeout inside of the breaker.']],
    [['timeout', 'circuit-breaker'], ['Add a timeout inside of the breaker.']],
    [['retry'], ['Add a timeout inside of the retry.']],
    [['retry', 'fallback', 'timeout'], ['Put the fallback outermost.']],
    [['circuit-breaker', 'fallback', 'timeout'], ['Put the fallback outermost.']],
    [
      ['circuit-breaker', 'retry'],
      [
        'Put the retry outside of the breaker.',
        'Add a timeout inside of the breaker.',
        'Add a timeout inside of the retry.',
      ],
    ],
    [['fallback', 'timeout', 'retry', 'circuit-breaker', 'timeout'], []],
    [[], []],
  ])('knows what is wrong with %j', (types, remedies) => {
    const warnings = warningsOf(...types);
    expect(warnings).toHaveLength(remedies.length);
    remedies.forEach((remedy, index) => expect(warnings[index]?.endsWith(remedy)).toBe(true));
  });

  it('prints warnings after the steps, with the name of the strategy', () => {
    const text = String(explain(pipeline(step('circuit-breaker', 'stripe'))));
    expect(text).toMatch(/^1\. circuit-breaker "stripe"\n! No timeout stands inside the breaker "stripe"/);
  });
});
