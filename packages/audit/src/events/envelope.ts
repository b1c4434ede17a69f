import type { PersonalPaths } from '../personal/personal-paths.ts';
import type { EventFields } from './read-event.ts';
import type { FieldWriter } from './field-writer.ts';
import { ENVELOPE as E } from './layouts.ts';

type Personal = PersonalPaths['children'] | undefined;

/*
 * The envelope in the order of its names, as RFC 8785 wants it, in three parts: `details` comes after the first and
 * `personal` after the second.
 */

/** The envelope up to, not including, `details`; without the closing brace. */
export function headOf(writer: FieldWriter, event: EventFields, personal: Personal): string {
  const action = writer.text('', E.action, event.action);
  const actor = writer.object('actor', E.actor, event.actor, personal?.get('actor'));
  const agent = writer.object('agent', E.agent, event.agent, personal?.get('agent'));
  return `{"action":${action}${member('actor', actor)}${member('agent', agent)}`;
}

/** The envelope between `details` and `personal`. */
export function middleOf(writer: FieldWriter, event: EventFields, personal: Personal): string {
  const id = writer.text('', E.id, event.id);
  const intent = writer.text('', E.intent, event.intent);
  const onBehalfOf = writer.object('onBehalfOf', E.onBehalfOf, event.onBehalfOf, personal?.get('onBehalfOf'));
  const parties = member('id', id) + member('intent', intent) + member('onBehalfOf', onBehalfOf);
  return `${parties},"outcome":"${event.outcome}"`;
}

/** The envelope after `personal`. */
export function tailOf(writer: FieldWriter, event: EventFields, time: string, personal: Personal): string {
  const reason = writer.text('', E.reason, event.reason, personal?.get('reason'));
  const requestId = writer.text('', E.requestId, event.requestId);
  const resource = writer.object('resource', E.resource, event.resource, personal?.get('resource'));
  const session = writer.text('', E.session, event.session, personal?.get('session'));
  const tenant = writer.text('', E.tenant, event.tenant);
  const traceId = writer.text('', E.traceId, event.traceId);
  const where = writer.object('where', E.where, event.where, personal?.get('where'));
  const what = member('reason', reason) + member('requestId', requestId) + member('resource', resource);
  const when = `${member('session', session)},"tenant":${tenant},"time":"${time}"${member('traceId', traceId)}`;
  return `${what}${when},"v":1${member('where', where)}}`;
}

/** A member with a comma before it, or nothing. */
export function member(name: string, json: string | undefined): string {
  return json === undefined ? '' : `,"${name}":${json}`;
}
