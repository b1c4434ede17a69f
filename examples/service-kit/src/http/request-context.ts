import { AsyncLocalStorage } from 'node:async_hooks';
import { randomBytes, randomUUID } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import type { Identity } from '../auth/identity.ts';

/** What is known of a request, wherever code runs on its behalf. */
export interface RequestContext {
  /** The client's own id of the request where it has one that can be used, else a new one. */
  readonly requestId: string;
  /** The trace that it belongs to (W3C Trace Context). */
  readonly traceId: string;
  /** What to send along with requests that are made for it. */
  readonly traceparent: string;
  /** From where it comes. */
  readonly address: string;
  /** Who makes it, once that is known. */
  readonly identity: Identity | undefined;
  /** The path of its route, once that is known. */
  readonly route: string | undefined;
}

const contexts = new AsyncLocalStorage<RequestContext>();

/** The request that this code runs for; nothing outside of one. */
export const currentRequest = (): RequestContext | undefined => contexts.getStore();

/** Runs a function, and all that it starts, for a request. */
export const runInRequest = <T>(context: RequestContext, body: () => T): T => contexts.run(context, body);

const REQUEST_ID = /^[\w.-]{8,64}$/;
const TRACEPARENT = /^00-(?!0{32})([0-9a-f]{32})-(?!0{16})[0-9a-f]{16}-([0-9a-f]{2})$/;

/** Makes the context of a request that has just come. What it says of itself is taken where it has the right form. */
export function contextOf(request: Pick<IncomingMessage, 'headersDistinct'>, address: string) {
  const { 'x-request-id': ids = [], traceparent: parents = [] } = request.headersDistinct;
  const given = ids.length === 1 && REQUEST_ID.test(ids[0] ?? '') ? ids[0] : undefined;
  const [, traceId = randomBytes(16).toString('hex'), flags = '00'] =
    (parents.length === 1 && TRACEPARENT.exec(parents[0] ?? '')) || [];
  return {
    requestId: given ?? randomUUID(),
    traceId,
    traceparent: `00-${traceId}-${randomBytes(8).toString('hex')}-${flags}`,
    address,
    identity: undefined as Identity | undefined,
    route: undefined as string | undefined,
  };
}

/** The context as the audit log takes it (`withContext`). */
export function auditContextOf({ requestId, traceId, address, identity }: RequestContext) {
  const origin = { requestId, traceId, where: { ip: address } };
  if (identity === undefined) return origin;
  const { tenant, id, type, onBehalfOf } = identity;
  return {
    ...origin,
    tenant,
    actor: { type, id },
    ...(onBehalfOf !== undefined && { onBehalfOf: { type: 'user', id: onBehalfOf } }),
  };
}
