import { AuditSinkError } from './sink-error.ts';

/** The part of `fetch` that sinks use. */
export type Fetch = (url: string, init: RequestInit) => Promise<Response>;

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
 * @returns the body of the answer
 * @throws {@link AuditSinkError} when the answer is not a success
 */
export async function httpPost({
  sink,
  url,
  headers,
  body,
  signal,
  fetch = globalThis.fetch,
}: Post): Promise<string> {
  const response = await fetch(url, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body,
    signal,
    redirect: 'manual',
  });
  // Read to the end, or the connection cannot be used again.
  const text = await response.text();
  if (!response.ok) throw new AuditSinkError(sink, response);
  return text;
}
