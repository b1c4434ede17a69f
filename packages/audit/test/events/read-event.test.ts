import { describe, expect, it } from 'vitest';
import type { AuditEvent } from '../../src/events/audit-event.ts';
import { isAuditEventError } from '../../src/events/event-error.ts';
import { isoTime } from '../../src/events/iso-time.ts';
import { readEvent, tenantOf } from '../../src/events/read-event.ts';
import { plainScribe } from '../../src/events/scribe.ts';

const read = (event: AuditEvent, context = {}) => readEvent(event, context, 42, plainScribe);

describe('an event that is read', () => {
  it('is a copy: what is changed later is not in it', () => {
    const event = { action: 'a', reason: 'first' };
    const fields = read(event);
    event.reason = 'second';
    expect(fields.reason).toBe('first');
  });

  it('has its own fields before those of the context, and theirs before the defaults', () => {
    const context = { actor: { id: 'c' }, session: 'c', requestId: 'c', tenant: 'acme' };
    expect(read({ action: 'a', actor: { id: 'e' }, session: undefined }, context)).toEqual({
      action: 'a',
      actor: { id: 'e' },
      session: 'c',
      requestId: 'c',
      tenant: 'acme',
      outcome: 'success',
      atMs: 42,
    });
  });

  it('reads each property once', () => {
    let reads = 0;
    const event = Object.defineProperty({ action: 'a' }, 'reason', {
      enumerable: true,
      get: () => `${++reads}`,
    });
    expect(read(event).reason).toBe('1');
    expect(reads).toBe(1);
  });

  it('keeps 0 as an instant', () => {
    expect(read({ action: 'a', atMs: 0 }).atMs).toBe(0);
  });

  it.each([-1, NaN, Infinity, 1e15, '0', null])('refuses an instant that is none: %s', (atMs) => {
    expect(() => read({ action: 'a', atMs } as never)).toThrow(/^audit event: atMs must be an integer >= 0/);
  });
});

describe('a tenant', () => {
  it('is its own, else that of the context, else the default', () => {
    expect([tenantOf('a', undefined), tenantOf(undefined, 'b'), tenantOf(undefined, undefined)]).toEqual([
      'a',
      'b',
      'default',
    ]);
    expect(tenantOf('a', 'a')).toBe('a');
  });

  it.each([
    ['a', 'b'],
    [7, 'b'],
    ['', 'b'],
  ])('cannot be %o in the context of %o', (own, ambient) => {
    expect(() => tenantOf(own, ambient)).toThrow('tenant must be that of the context');
  });

  it.each(['', 'x'.repeat(65), '\ud800', 7, null, {}])('cannot be %o', (own) => {
    expect(() => tenantOf(own, undefined)).toThrow('tenant must be well-formed text of 1 to 64 bytes');
  });
});

it('instants are written as RFC 3339, the same one twice as well as others', () => {
  const write = isoTime();
  expect([0, 0, 1.7e12, 0].map(write)).toEqual([
    '1970-01-01T00:00:00.000Z',
    '1970-01-01T00:00:00.000Z',
    '2023-11-14T22:13:20.000Z',
    '1970-01-01T00:00:00.000Z',
  ]);
});

it('an error is told by its code, also when another copy of the package made it', () => {
  expect(isAuditEventError(Object.assign(new Error('x'), { code: 'ERR_AUDIT_EVENT' }))).toBe(true);
  for (const other of [new Error('x'), { code: 'ERR_AUDIT_EVENT' }, undefined]) {
    expect(isAuditEventError(other)).toBe(false);
  }
});
