import { expect, it } from 'vitest';
import { auditEvents } from '../../src/events/audit-events.ts';
import { EventEncoder } from '../../src/events/event-encoder.ts';
import { plainScribe } from '../../src/events/scribe.ts';

const encoder = new EventEncoder({ scribe: plainScribe, maxDetailsLength: 1000, oversized: 'reject' });

it.each(Object.entries(auditEvents))('%s makes an event that can be written', (name, make) => {
  const event = make('id-1', { actor: { id: 'bob' }, details: { a: 1 } });
  const words = event.action.replace(/[._]/g, '').toLowerCase();
  expect(words).toBe(name.toLowerCase());
  expect(event).toMatchObject({ resource: { id: 'id-1' }, actor: { id: 'bob' }, details: { a: 1 } });
  expect(() => encoder.encode(event, 0)).not.toThrow();
});

it('an authorisation that is refused is denied unless the caller says otherwise', () => {
  expect(auditEvents.authorizationRefused('prompt:write').outcome).toBe('denied');
  expect(auditEvents.authorizationRefused('prompt:write', { outcome: 'failure' }).outcome).toBe('failure');
});

it('the thing can have a name', () => {
  const { resource } = auditEvents.promptModified('p1', { resource: { name: 'Greeting' } });
  expect(resource).toEqual({ type: 'prompt', id: 'p1', name: 'Greeting' });
});
