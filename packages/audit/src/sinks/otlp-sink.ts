import { check, readOptions, type, type Rules } from '@holdfast/pipeline';
import { loggedEventIn, type LoggedEvent } from '../export/logged-event.ts';
import type { StoredEntry } from '../log/engine.ts';
import { leafHash } from '../merkle/hash.ts';
import type { Fetch } from '../remote/fetch-bounded.ts';
import { httpPost } from './http-post.ts';
import type { AuditSink, SinkBatch } from './sink.ts';
import { urlRule } from './webhook-sink.ts';

/** Options of {@link otlpSink}. */
export interface OtlpSinkOptions {
  /** The logs endpoint of a collector, such as `http://127.0.0.1:4318/v1/logs`. */
  readonly url: string;
  /** What `service.name` says. Default `holdfast-audit`. */
  readonly serviceName?: string | undefined;
  /** Names the sink. Default `otlp`. */
  readonly name?: string | undefined;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What posts. Default the platform's `fetch`. */
  readonly fetch?: Fetch | undefined;
}

const rules: Rules<OtlpSinkOptions> = {
  url: urlRule,
  serviceName: type('string'),
  name: type('string'),
  headers: type('object'),
  fetch: type('function'),
};

// Severity numbers of the log data model of OpenTelemetry.
const SEVERITY: Readonly<Record<string, readonly [number: number, text: string]>> = {
  denied: [13, 'WARN'],
  failure: [17, 'ERROR'],
};
const INFO = [9, 'INFO'] as const;

const text = (key: string, value: string | undefined) =>
  value === undefined ? [] : [{ key, value: { stringValue: value } }];

function attributesOf(event: LoggedEvent | undefined, entry: StoredEntry, origin: string) {
  return [
    ...text('audit.origin', origin),
    { key: 'audit.index', value: { intValue: String(entry.index) } },
    ...text('audit.leaf_hash', leafHash(entry.leaf).toString('hex')),
    ...text('audit.tenant', entry.tenant),
    ...text('audit.action', event?.action),
    ...text('audit.outcome', event?.outcome),
    ...text('audit.actor.id', event?.actor?.id),
    ...text('audit.resource.type', event?.resource?.type),
    ...text('audit.resource.id', event?.resource?.id),
    ...text('client.address', event?.where?.ip),
    ...text('session.id', event?.session),
  ];
}

function recordOf(entry: StoredEntry, origin: string) {
  const event = loggedEventIn(entry.leaf);
  const [severityNumber, severityText] = SEVERITY[event?.outcome ?? ''] ?? INFO;
  const atMs = Date.parse(event?.time ?? '') || 0;
  const traced = /^[0-9a-f]{32}$/.test(event?.traceId ?? '');
  return {
    timeUnixNano: `${atMs}000000`,
    ...{ severityNumber, severityText },
    body: { stringValue: Buffer.from(entry.leaf).toString() },
    attributes: attributesOf(event, entry, origin),
    ...(traced ? { traceId: event?.traceId } : {}),
    ...(event === undefined ? {} : { eventName: event.action }),
  };
}

function requestOf({ entries, origin }: SinkBatch, serviceName: string) {
  const logRecords = entries.map((entry) => recordOf(entry, origin));
  const scopeLogs = [{ scope: { name: 'audit' }, logRecords }];
  return { resourceLogs: [{ resource: { attributes: text('service.name', serviceName) }, scopeLogs }] };
}

/**
 * Makes a sink that sends entries as OTLP logs over HTTP, in JSON, under the scope `audit`. The body is the entry as it
 * stands in the log. A copy to look at: what proves anything is the log.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { otlpSink } from '@holdfast/audit/sinks';
 *
 * const collector = otlpSink({ url: 'http://127.0.0.1:4318/v1/logs', serviceName: 'agent-api' });
 * ```
 */
export function otlpSink(options: OtlpSinkOptions): AuditSink {
  const defaults = { serviceName: 'holdfast-audit', name: 'otlp' };
  const settings = readOptions('otlpSink', options, rules, defaults);
  check('otlpSink: url', settings.url, urlRule);
  const { url, serviceName, name, headers = {}, fetch } = settings;
  return {
    name,
    async write(batch, signal) {
      const body = JSON.stringify(requestOf(batch, serviceName));
      await httpPost({ sink: name, url, headers, body, signal, fetch });
    },
  };
}
