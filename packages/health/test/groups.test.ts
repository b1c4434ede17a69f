import { describe, expect, test } from 'vitest';
import { createHealth, type HealthCheck, type HealthOptions } from '../src/index.ts';

const named = (name: string, more: Partial<HealthCheck> = {}): HealthCheck => ({
  name,
  run: () => undefined,
  ...more,
});
const making = (options: HealthOptions) => () => createHealth(options);

describe('groups', () => {
  test('every health has the standard ones', () => {
    expect(createHealth().groups).toEqual(['liveness', 'readiness', 'startup', 'overall']);
  });

  test('hold the checks of their kind; overall holds all', () => {
    const health = createHealth({
      checks: [
        named('loop', { kinds: ['liveness'], dependency: false }),
        named('database'),
        named('warm', { kinds: ['startup', 'readiness'] }),
      ],
      groups: { billing: ['database', 'database'] },
    });
    const members = (group: string) => health.report(group).checks.map(({ name }) => name);
    expect(members('liveness')).toEqual(['loop']);
    expect(members('readiness')).toEqual(['database', 'warm']);
    expect(members('startup')).toEqual(['warm']);
    expect(members('overall')).toEqual(['loop', 'database', 'warm']);
    expect(members('billing')).toEqual(['database']);
  });

  test('a check of a dependency cannot decide about liveness', () => {
    expect(making({ checks: [named('database', { kinds: ['liveness'] })] })).toThrow(
      /database looks at a dependency/,
    );
  });

  test('two checks of one name are refused', () => {
    expect(making({ checks: [named('a'), named('a')] })).toThrow("different names, got 'a' twice");
  });

  test('a group that names a check that is not there is refused', () => {
    expect(making({ checks: [named('a')], groups: { g: ['b'] } })).toThrow("groups.g names 'b'; there is a");
  });

  test('a standard group cannot be redefined', () => {
    expect(making({ groups: { readiness: [] } })).toThrow("must not redefine 'readiness'");
  });

  test('groups are lists of names with a name that can be a path', () => {
    expect(making({ groups: { 'a/b': [] } })).toThrow(TypeError);
    expect(making({ groups: { g: 'a' as unknown as string[] } })).toThrow(
      'createHealth: groups.g must be an array',
    );
    expect(making({ groups: { g: [1] as unknown as string[] } })).toThrow('each element must be a string');
  });

  test('asking for a group that is not there names those that are', () => {
    const health = createHealth();
    expect(() => health.state('redyness')).toThrow(
      "there is no group 'redyness'; there is liveness, readiness",
    );
    expect(() => health.report('x')).toThrow(TypeError);
    expect(() => health.refresh('__proto__')).toThrow(TypeError);
  });
});
