import { createHash } from 'node:crypto';
import canonicalize from 'canonicalize';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AuditContext, AuditEvent, AuditParty } from '../../src/events/audit-event.ts';
import { EventEncoder, type EventEncoderOptions } from '../../src/events/event-encoder.ts';
import { plainScribe } from '../../src/events/scribe.ts';
import { MAX_ENTRY_BYTES } from '../../src/tiles/entry-bundle.ts';

const NOW_MS = Date.UTC(2026, 10, 21, 12);
const encoder = (options: Partial<EventEncoderOptions> = {}) =>
  new EventEncoder({ scribe: plainScribe, maxDetailsLength: 1 << 20, oversized: 'digest', ...options });

const encode = (event: AuditEvent, context?: AuditContext) => encoder().encode(event, NOW_MS, context);
const leafOf = (event: AuditEvent, context?: AuditContext) => encode(event, context).leaf.toString();
const entryOf = (event: AuditEvent, context?: AuditContext) =>
  JSON.parse(leafOf(event, context)) as Record<string, unknown>;

/** An event of any shape, to be refused. */
const refusal = (event: unknown, context?: AuditContext) => {
  try {
    encode(event as AuditEvent, context);
  } catch (error) {
    return (error as Error).message.replace('audit event: ', '');
  }
  return 'was written';
};

const text = fc.string({ unit: 'binary', minLength: 1, maxLength: 40 });
const party: fc.Arbitrary<AuditParty> = fc.record(
  { id: text, type: text, name: text },
  { requiredKeys: ['id'] },
);
const anyEvent: fc.Arbitrary<AuditEvent> = fc.record(
  {
    action: text,
    actor: party,
    agent: party,
    onBehalfOf: party,
    resource: fc.record({ type: text, id: text, name: text }, { requiredKeys: ['type'] }),
    outcome: fc.constantFrom('pending', 'success', 'failure', 'denied'),
    reason: text,
    atMs: fc.nat({ max: 4e12 }),
    id: text,
    intent: text,
    tenant: fc.string({ minLength: 1, maxLength: 16 }),
    session: text,
    requestId: text,
    traceId: text,
    subject: text,
    where: fc.record({ ip: text, userAgent: text, service: text, host: text }, { requiredKeys: [] }),
    details: fc.dictionary(text, fc.jsonValue() as fc.Arbitrary<unknown>),
  },
  { requiredKeys: ['action'] },
);

describe('an entry', () => {
  it('is canonical JSON, whatever the event', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const leaf = leafOf(event);
        expect(leaf).toBe(canonicalize(JSON.parse(leaf)));
      }),
    );
  });

  it('says everything that the event says', () => {
    fc.assert(
      fc.property(anyEvent, (event) => {
        const { atMs = NOW_MS, subject: _, ...rest } = event;
        const time = new Date(atMs).toISOString();
        const expected = { outcome: 'success', tenant: 'default', ...rest, time, v: 1 };
        expect(leafOf(event)).toBe(canonicalize(expected));
      }),
    );
  });

  it('is small for a small event', () => {
    expect(leafOf({ action: 'log.started' })).toBe(
      '{"action":"log.started","outcome":"success","tenant":"default","time":"2026-11-21T12:00:00.000Z","v":1}',
    );
  });

  it('takes what is undefined for not given', () => {
    expect(
      entryOf({ action: 'a', actor: undefined, outcome: undefined, atMs: undefined, reason: undefined }),
    ).toEqual(entryOf({ action: 'a' }));
  });

  it('follows a clock that moves backwards', () => {
    const one = encoder();
    const times = [5000, 5000, 1000, 2000].map((nowMs) =>
      one.encode({ action: 'a' }, nowMs).leaf.toString().slice(-21),
    );
    expect(times).toEqual([5, 5, 1, 2].map((second) => `00:00:0${second}.000Z","v":1}`));
  });
});

describe('an event is refused by the name of the field', () => {
  it.each([
    [undefined, 'event must be an object, got undefined'],
    ['session.created', 'event must be an object, got a string'],
    [{}, 'action must be a string, got undefined'],
    [{ action: '' }, 'action must not be empty'],
    [{ action: 7 }, 'action must be a string, got a number'],
    [{ action: 'x'.repeat(257) }, 'action must not be longer than 256 characters, got 257'],
    [{ action: 'a', actor: 'bob' }, 'actor must be an object, got a string'],
    [{ action: 'a', actor: null }, 'actor must be an object, got null'],
    [{ action: 'a', actor: {} }, 'actor.id must be a string, got undefined'],
    [{ action: 'a', actor: { id: 'x', role: 'y' } }, 'actor has no field "role"; it takes id, name, type'],
    [{ action: 'a', agent: { id: '' } }, 'agent.id must not be empty'],
    [{ action: 'a', onBehalfOf: { id: 3 } }, 'onBehalfOf.id must be a string, got a number'],
    [{ action: 'a', resource: { id: 'x' } }, 'resource.type must be a string, got undefined'],
    [{ action: 'a', where: { ip: ['::1'] } }, 'where.ip must be a string, got an array'],
    [{ action: 'a', where: { ip: '\ud800' } }, 'where.ip must be Unicode text, got half of a surrogate pair'],
    [{ action: 'a', outcome: 'ok' }, 'outcome must be one of pending, success, failure, denied'],
    [{ action: 'a', atMs: 1.5 }, 'atMs must be an integer >= 0 and <= 253402300799999, got 1.5'],
    [
      { action: 'a', atMs: 8e15 },
      'atMs must be an integer >= 0 and <= 253402300799999, got 8000000000000000',
    ],
    [
      { action: 'a', atMs: new Date(0) },
      'atMs must be an integer >= 0 and <= 253402300799999, got an object',
    ],
    [{ action: 'a', details: [1] }, 'details must be an object, got an array'],
    [{ action: 'a', details: { n: 1n } }, 'details.n must be JSON, got a bigint'],
    [{ action: 'a', subject: 5 }, 'subject must be a string, got a number'],
    [{ action: 'a', tenant: '' }, 'tenant must be well-formed text of 1 to 64 bytes, got a string'],
  ])('%o', (event, message) => {
    expect(refusal(event)).toBe(message);
  });

  it('when it is unknown', () => {
    expect(refusal({ action: 'a', actorId: 'bob' })).toMatch(
      /^event has no field "actorId"; it takes actor, agent, /,
    );
    expect(refusal(JSON.parse('{"action":"a","__proto__":{}}'))).toMatch(/^event has no field "__proto__"/);
  });

  it('when it cannot be read', () => {
    const cause = new Error('no');
    const event = { action: 'a', get actor(): AuditParty { throw cause; } }; // prettier-ignore
    expect(() => encode(event)).toThrow(
      expect.objectContaining({ message: 'audit event: event cannot be read', cause }),
    );
  });
});

describe('where an event came from', () => {
  it('cannot make the event fail: a long user agent is cut', () => {
    const where = entryOf({ action: 'a', where: { userAgent: 'x'.repeat(100_000) } })['where'];
    expect(where).toEqual({ userAgent: 'x'.repeat(1024) });
  });

  it('is never cut in half of a surrogate pair', () => {
    const where = entryOf({ action: 'a', where: { userAgent: `x${'\ud83d\ude00'.repeat(600)}` } })['where'];
    expect(where).toEqual({ userAgent: `x${'\ud83d\ude00'.repeat(511)}` });
  });
});

describe('a context', () => {
  const context = {
    tenant: 'acme',
    actor: { id: 'bob' },
    requestId: 'r1',
    where: { ip: '::1' },
    session: 's1',
  };

  it('adds what the event does not say', () => {
    expect(entryOf({ action: 'a', session: 's2' }, context)).toMatchObject({ ...context, session: 's2' });
  });

  it('cannot be left for another tenant', () => {
    expect(refusal({ action: 'a', tenant: 'evil' }, context)).toBe('tenant must be that of the context');
    expect(encode({ action: 'a', tenant: 'acme' }, context).tenant).toBe('acme');
  });

  it('tells whose personal fields there are', () => {
    const subjectOf = (event: Partial<AuditEvent>) => encode({ action: 'a', ...event }, context).subject;
    expect(subjectOf({})).toBe('bob');
    expect(subjectOf({ onBehalfOf: { id: 'eve' } })).toBe('eve');
    expect(subjectOf({ onBehalfOf: { id: 'eve' }, subject: 'kim' })).toBe('kim');
  });
});

describe('an event of any size', () => {
  const withDetails = (length: number) => ({ action: 'a', details: { text: 'x'.repeat(length) } });
  const envelope = encode(withDetails(0)).leaf.length;

  it('is written whole up to the largest entry', () => {
    const { leaf, body } = encode(withDetails(MAX_ENTRY_BYTES - envelope));
    expect(leaf).toHaveLength(MAX_ENTRY_BYTES);
    expect(body).toBeUndefined();
  });

  it('keeps a digest of details that do not fit, which are handed out to be kept elsewhere', () => {
    const { leaf, body } = encode(withDetails(MAX_ENTRY_BYTES - envelope + 1));
    const entry = JSON.parse(leaf.toString()) as Record<string, unknown>;
    expect(entry['details']).toBeUndefined();
    expect(entry['detailsDigest']).toEqual({ bytes: body?.bytes.length, sha256: body?.sha256 });
    expect(
      createHash('sha256')
        .update(body?.bytes ?? '')
        .digest('hex'),
    ).toBe(body?.sha256);
    expect(leaf.toString()).toBe(canonicalize(entry));
  });

  it('counts bytes, not characters', () => {
    expect(encode({ action: 'a', details: { text: '\u20ac'.repeat(21_900) } }).body).toBeDefined();
  });

  it('is refused when it does not fit, where that is asked for', () => {
    const strict = encoder({ oversized: 'reject' });
    expect(() => strict.encode(withDetails(MAX_ENTRY_BYTES - envelope + 1), NOW_MS)).toThrow(
      'audit event: details makes the entry 65536 bytes long, at most 65535 fit',
    );
  });

  it('is refused when even the digest would take too much', () => {
    expect(() => encoder({ maxDetailsLength: 1000 }).encode(withDetails(1000), NOW_MS)).toThrow(
      'audit event: details.text must not be longer than 1000 characters',
    );
  });

  it('always fits when only texts are as long and as awkward as they can be', () => {
    const long = '\u0001'.repeat(1024);
    const short = '\u0001'.repeat(256);
    const who = { id: '\u0001'.repeat(512), name: short, type: short };
    const { leaf } = encode({
      ...{
        action: short,
        actor: who,
        agent: who,
        onBehalfOf: who,
        reason: long,
        resource: { ...who, id: long },
      },
      ...{ id: short, intent: short, tenant: 't', session: short, requestId: short, traceId: short },
      where: { ip: short, host: short, service: short, userAgent: long },
    });
    expect(leaf.length).toBeLessThanOrEqual(MAX_ENTRY_BYTES);
  });
});
