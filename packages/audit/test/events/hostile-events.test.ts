import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { AuditEvent } from '../../src/events/audit-event.ts';
import { isAuditEventError } from '../../src/events/event-error.ts';
import { EventEncoder } from '../../src/events/event-encoder.ts';
import { MAX_ENTRY_BYTES } from '../../src/tiles/entry-bundle.ts';
import { createRedactor } from '../../src/redaction/redactor.ts';
import { eventsOf, openTestEngine, rigRecorder } from '../rig.ts';

const anything = fc.anything({
  withBigInt: true,
  withBoxedValues: true,
  withDate: true,
  withMap: true,
  withNullPrototype: true,
  withObjectString: true,
  withSet: true,
  withSparseArray: true,
  withTypedArray: true,
  withUnicodeString: false,
  maxDepth: 4,
});
const names = [
  'action',
  'actor',
  'agent',
  'onBehalfOf',
  'resource',
  'where',
  'reason',
  'outcome',
  'id',
  'atMs',
];
const anyEvent = fc.record(
  {
    ...Object.fromEntries(names.map((name) => [name, anything])),
    details: fc.dictionary(fc.string(), anything),
  },
  { requiredKeys: [] },
);
const nearlyRight = fc
  .record(
    { details: fc.dictionary(fc.string({ unit: 'binary' }), anything), reason: anything },
    { requiredKeys: [] },
  )
  .map((event) => ({ action: 'a', ...event }));

const encoder = new EventEncoder({
  scribe: createRedactor(),
  maxDetailsLength: 1 << 20,
  oversized: 'digest',
});

it('whatever is handed over is written as canonical JSON or refused by the name of a field', () => {
  fc.assert(
    fc.property(fc.oneof(anything, anyEvent, nearlyRight, nearlyRight), (event) => {
      let leaf: string;
      try {
        leaf = encoder.encode(event as AuditEvent, 0).leaf.toString();
      } catch (error) {
        expect(isAuditEventError(error)).toBe(true);
        return;
      }
      expect(leaf).toBe(canonicalize(JSON.parse(leaf)));
      expect(Buffer.byteLength(leaf)).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
    }),
  );
});

it('what is refused leaves the log as it was, and the next event in its place', async () => {
  const engine = await openTestEngine();
  const { recorder } = rigRecorder(engine);
  const cycle: Record<string, unknown> = {};
  cycle['self'] = cycle;
  const hostile: unknown[] = [
    { action: 'a', details: cycle },
    { action: 'a', details: { n: 1n } },
    { action: 'a', details: new Proxy({}, { ownKeys: () => { throw new Error('no'); } }) }, // prettier-ignore
    { action: 'a', get details(): never { throw new Error('no'); } }, // prettier-ignore
    { action: 'a', details: { toJSON: () => { throw new Error('no'); } } }, // prettier-ignore
    { action: 'a', details: JSON.parse('['.repeat(500) + ']'.repeat(500)) as unknown },
    { action: 'a\ud800' },
    JSON.parse('{"action":"a","__proto__":{"outcome":"success"}}'),
    { action: 'a', tenant: '../../etc' + 'x'.repeat(60) },
    null,
  ];
  for (const [n, event] of hostile.entries()) {
    await expect(recorder.append(event as AuditEvent)).rejects.toMatchObject({ code: 'ERR_AUDIT_EVENT' });
    expect(await recorder.append({ action: `good.${n}` })).toMatchObject({ index: n });
  }
  expect((await eventsOf(engine)).map(({ action }) => action)).toEqual(hostile.map((_, n) => `good.${n}`));
});
