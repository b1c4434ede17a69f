import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  agentJson,
  componentsJson,
  healthJson,
  microProfileJson,
  plainText,
  serverJson,
  statusJson,
  type CheckReport,
  type HealthFormat,
  type HealthReport,
  type HealthState,
} from '../../src/index.ts';
import { withoutDetails } from '../../src/health-report.ts';

const SECRET = 'hunter2';
const state = fc.constantFrom<HealthState>('up', 'degraded', 'down', 'unknown');
const atMs = fc.integer({ min: 0, max: 4_102_444_800_000 });
// Names and reasons follow their rules; everything that comes from errors and checks may be any text.
const word = fc.stringMatching(/^[\w.:-]{1,30}$/);
const text = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.constantFrom('"', '\n', '</script>', '\u2028', '__proto__', '{"status":"pass"}'),
);
const told = text.map((each) => each + SECRET);
const detail = fc.oneof(told, fc.double(), fc.boolean());
const checkReport: fc.Arbitrary<CheckReport> = fc.record(
  {
    name: word,
    state,
    critical: fc.boolean(),
    componentType: fc.constantFrom('component' as const, 'datastore' as const, 'system' as const),
    flapping: fc.boolean(),
    reason: word,
    message: told,
    observedValue: fc.oneof(fc.double(), told),
    observedUnit: told,
    details: fc.dictionary(fc.oneof(word, fc.constant('__proto__')), detail, { maxKeys: 4 }),
    durationMs: fc.double({ min: 0, max: 1e6, noNaN: true }),
    checkedAtMs: atMs,
  },
  { requiredKeys: ['name', 'state', 'critical', 'componentType', 'flapping'] },
);
const report: fc.Arbitrary<HealthReport> = fc.record({
  group: word,
  state,
  detailed: fc.constant(true),
  atMs,
  uptimeMs: fc.integer({ min: 0, max: 1e12 }),
  checks: fc.uniqueArray(checkReport, { selector: ({ name }) => name, maxLength: 5 }),
  alerts: fc.array(
    fc.record({
      name: word,
      severity: fc.constantFrom('warning', 'critical'),
      message: told,
      raisedAtMs: atMs,
    }),
    { maxLength: 3 },
  ),
  recommendations: fc.array(told, { maxLength: 3 }),
});

const formats: readonly (readonly [string, HealthFormat])[] = [
  ['health+json', healthJson({ releaseId: 'r' })],
  ['status', statusJson({ figures: () => ({ figure: SECRET }) })],
  ['components', componentsJson()],
  ['MicroProfile', microProfileJson()],
  ['agent', agentJson({ agentId: 'a', environment: 'e', metrics: () => ({ figure: SECRET }) })],
  ['server', serverJson()],
];

describe.each(formats)('%s', (_name, format) => {
  test('is JSON that reads back, whatever checks and errors say', () => {
    fc.assert(
      fc.property(report, (each) => {
        const read = JSON.parse(format.render(each, [])) as { status: string };
        expect(read.status).toMatch(/^\w+$/);
        expect(Object.prototype).not.toHaveProperty('status');
      }),
    );
  });

  test('tells a stranger no more than one who may see details about the state, and nothing else', () => {
    fc.assert(
      fc.property(report, (each) => {
        const open = format.render(withoutDetails(each), []);
        expect(open).not.toContain(SECRET);
        for (const { name } of each.checks) if (name.length > 12) expect(open).not.toContain(name);
        const status = (written: string) => (JSON.parse(written) as { status: string }).status;
        expect(status(open)).toBe(status(format.render(each, [])));
      }),
    );
  });
});

test('plain text has one line a check and the state, whatever checks and errors say', () => {
  fc.assert(
    fc.property(report, (each) => {
      const lines = plainText().render(each, []).split('\n');
      expect(lines[0]).toBe(each.state);
      expect(lines.slice(1, -1)).toHaveLength(each.checks.length);
      expect(lines.at(-1)).toBe('');
      expect(plainText().render(withoutDetails(each), [])).toBe(`${each.state}\n`);
    }),
  );
});
