import { hash } from 'node:crypto';
import { canonicalJson } from '../events/json-writer.ts';
import type { AuditOutcome } from '../events/outcome.ts';
import type { StoredEntry } from '../log/engine.ts';
import { leafHash } from '../merkle/hash.ts';
import type { EntryFormat } from './entry-format.ts';
import { loggedEventIn, type LoggedEvent } from './logged-event.ts';

/** The version of the schema: the first that has the profile record_integrity. */
const OCSF_VERSION = '1.9.0-dev';
const API_ACTIVITY = 6003;

// What the last word of an action says about the activity; everything else is "Other".
const ACTIVITIES: readonly (readonly [id: number, words: readonly string[]])[] = [
  [1, ['created', 'issued', 'connected', 'started', 'added', 'registered']],
  [2, ['accessed', 'requested', 'redeemed', 'read', 'exported', 'queried', 'called']],
  [3, ['modified', 'changed', 'updated', 'renewed']],
  [4, ['terminated', 'deleted', 'removed', 'revoked', 'disconnected', 'erasure', 'pruned', 'stopped']],
];
const OTHER = 99;

const STATUS: Readonly<Record<AuditOutcome, readonly [statusId: number, severityId: number]>> = {
  pending: [0, 1],
  success: [1, 1],
  failure: [2, 2],
  denied: [2, 3],
};

/**
 * OCSF 1.x API Activity, one a line, with the profile record_integrity: the fingerprint is the SHA-256 of the record in
 * canonical JSON (RFC 8785) without the fingerprint itself. `unmapped.merkle` says where the entry stands in the log,
 * and `raw_data` is the entry, so that a proof of the log also proves the record.
 */
export const ocsf: EntryFormat = {
  header: '',
  line: (entry, origin) => {
    const event = loggedEventIn(entry.leaf);
    const attestation = { uid: `${origin}#${entry.index}`, chain_uid: origin, authority_uid: origin };
    const record = event === undefined ? unknownRecord() : recordOf(event);
    const attested = {
      ...record,
      ...placeOf(entry, origin, record.metadata),
      attestation_list: [attestation],
    };
    const value = hash('sha256', canonicalJson(attested));
    const fingerprint = { algorithm_id: 3, algorithm: 'SHA-256', encoding_id: 1, value };
    return `${canonicalJson({ ...attested, attestation_list: [{ ...attestation, fingerprint }] })}\n`;
  },
};

const METADATA = {
  version: OCSF_VERSION,
  profiles: ['record_integrity'],
  product: { name: 'Holdfast Audit', vendor_name: 'Holdfast' },
};
const CLASS = { category_uid: 6, class_uid: API_ACTIVITY };

function placeOf({ index, leaf }: StoredEntry, origin: string, metadata: object) {
  const merkle = { origin, index, leaf_hash: leafHash(leaf).toString('hex') };
  const text = Buffer.from(leaf.buffer, leaf.byteOffset, leaf.length).toString();
  return {
    metadata: { ...metadata, log_name: origin, sequence: index },
    raw_data: text,
    unmapped: { merkle },
  };
}

function unknownRecord() {
  const activity = { activity_id: 0, type_uid: API_ACTIVITY * 100, severity_id: 0, time: 0 };
  const unknown = {
    actor: { app_name: 'unknown' },
    api: { operation: 'unknown' },
    src_endpoint: { name: 'unknown' },
  };
  return { ...CLASS, ...activity, ...unknown, metadata: METADATA };
}

function recordOf(event: LoggedEvent) {
  const word = /[a-z]+$/.exec(event.action)?.[0] ?? '';
  const activityId = ACTIVITIES.find(([, words]) => words.includes(word))?.[0] ?? OTHER;
  const [statusId, severityId] = STATUS[event.outcome ?? 'success'];
  const { requestId, resource, where, reason, id, tenant } = event;
  return {
    ...CLASS,
    activity_id: activityId,
    activity_name: activityId === OTHER ? event.action : undefined,
    type_uid: API_ACTIVITY * 100 + activityId,
    time: Date.parse(event.time),
    severity_id: severityId,
    status_id: statusId,
    status: event.outcome,
    status_detail: reason,
    metadata: { ...METADATA, uid: id, tenant_uid: tenant, correlation_uid: event.traceId ?? requestId },
    actor: actorOf(event),
    api: {
      operation: event.action,
      request: requestId === undefined ? undefined : { uid: requestId },
      service: where?.service === undefined ? undefined : { name: where.service },
    },
    http_request: where?.userAgent === undefined ? undefined : { user_agent: where.userAgent },
    resources:
      resource === undefined ? undefined : [{ type: resource.type, uid: resource.id, name: resource.name }],
    src_endpoint: endpointOf(where),
  };
}

function actorOf({ actor, agent, session }: LoggedEvent) {
  return {
    user: actor === undefined ? undefined : { uid: actor.id, name: actor.name, type: actor.type },
    app_uid: agent?.id,
    app_name: agent?.name ?? (actor === undefined && agent === undefined ? 'unknown' : undefined),
    session: session === undefined ? undefined : { uid: session },
  };
}

/** A committed address is no address, so it goes where any identifier may be. */
function endpointOf(where: LoggedEvent['where']) {
  const committed = where?.ip?.startsWith('sha256:') === true;
  const known = where?.ip !== undefined || where?.host !== undefined;
  return {
    ip: committed ? undefined : where?.ip,
    uid: committed ? where.ip : undefined,
    hostname: where?.host,
    name: known ? undefined : 'unknown',
  };
}
