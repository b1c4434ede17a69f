import { fetchBounded, type Fetch } from '../remote/fetch-bounded.ts';
import { AuditSinkError } from './sink-error.ts';

/** Nobody reads the answers; what is longer is cut off. */
const MAX_ANSWER_BYTES = 64 * 1024;

/** What is sent. */
export interface Post {
  readonly sink: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  readonly signal: AbortSignal;
  readonly fetch: Fetch | undefined;
}

/**
 * Posts JSON. Redirects are not followed: they would hand the entries, and what signs them, to somebody else.
 *
 * @throws {@link AuditSinkError} when the answer is not a success
 * @throws {@link RemoteError} when it is longer than any answer has to be
 */
export async function httpPost({
  sink,
  url,
  headers,
  body,
  signal,
  fetch = globalThis.fetch,
}: Post): Promise<void> {
  const init = {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal,
  };
  const answer = await fetchBounded(fetch, url, init, MAX_ANSWER_BYTES);
  if (answer.status < 200 || answer.status > 299) throw new AuditSinkError(sink, answer);
}
