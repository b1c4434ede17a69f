import {
  check,
  having,
  readOptions,
  systemClock,
  type,
  type Clock,
  type Rule,
  type Rules,
} from '@holdfast/pipeline';
import { jsonl } from '../export/jsonl.ts';
import type { Fetch } from '../remote/fetch-bounded.ts';
import { httpPost } from './http-post.ts';
import type { AuditSink } from './sink.ts';
import { signWebhook, WEBHOOK_SIGNATURE_HEADER } from './webhook-signature.ts';

/** Options of {@link webhookSink}. */
export interface WebhookSinkOptions {
  /** Where to post to: `https:`, or `http:`. */
  readonly url: string;
  /** What bodies are signed with, known to the receiver too. At least 16 characters. */
  readonly secret: string;
  /** Names the sink. Default `webhook`. */
  readonly name?: string | undefined;
  /** More headers. */
  readonly headers?: Readonly<Record<string, string>> | undefined;
  /** What posts. Default the platform's `fetch`. */
  readonly fetch?: Fetch | undefined;
  /** The source of time. Default the platform's. */
  readonly clock?: Clock | undefined;
}

export const urlRule: Rule = (value) =>
  typeof value === 'string' && URL.canParse(value) && /^https?:$/.test(new URL(value).protocol)
    ? undefined
    : 'must be an http: or https: URL';
const secretRule: Rule = (value) =>
  typeof value === 'string' && value.length >= 16 ? undefined : 'is too short';

const rules: Rules<WebhookSinkOptions> = {
  url: urlRule,
  secret: type('string'),
  name: type('string'),
  headers: type('object'),
  fetch: type('function'),
  clock: having('wallNow'),
};

/**
 * Makes a sink that posts entries as `{ "origin", "tenant", "entries": [{ "index", "leafHash", "entry" }] }`, signed in
 * the header `holdfast-signature`, which {@link verifyWebhook} checks. `idempotency-key` is the same each time the same
 * entries are sent.
 *
 * @throws {@link TypeError} when an option is missing, unknown or of the wrong type
 *
 * @example
 * ```ts
 * import { webhookSink } from '@holdfast/audit/sinks';
 *
 * const siem = webhookSink({ url: 'https://siem.example/ingest', secret: 'at-least-32-random-characters...' });
 * ```
 */
export function webhookSink(options: WebhookSinkOptions): AuditSink {
  const settings = readOptions('webhookSink', options, rules, { name: 'webhook', clock: systemClock });
  const { url, secret, name, headers, fetch, clock } = settings;
  check('webhookSink: url', url, urlRule);
  if (secretRule(secret) !== undefined)
    throw new TypeError('webhookSink: secret must have at least 16 characters');
  return {
    name,
    async write({ tenant, origin, entries }, signal) {
      const lines = entries.map((entry) => jsonl.line(entry, origin).trimEnd());
      const body = `{"entries":[${lines.join(',')}],"origin":${JSON.stringify(origin)},"tenant":${JSON.stringify(tenant)}}`;
      const signed = {
        ...headers,
        'idempotency-key': `${origin}/${entries[0]?.index ?? 0}-${entries.at(-1)?.index ?? 0}`,
        [WEBHOOK_SIGNATURE_HEADER]: signWebhook(secret, body, clock.wallNow()),
      };
      await httpPost({ sink: name, url, headers: signed, body, signal, fetch });
    },
  };
}
