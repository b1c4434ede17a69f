import { UpstreamStatusError, UpstreamUnreachableError } from '../proxy/errors.ts';

/**
 * Fetches a text, and tells what goes wrong as the proxy does for its own requests.
 *
 * @throws {@link UpstreamStatusError} when the answer is no good one; its `text` is what was answered
 * @throws {@link UpstreamUnreachableError} when there is no answer
 */
export async function fetchText(fetcher: typeof fetch, url: URL, init?: RequestInit): Promise<string> {
  const response = await fetcher(url, init).catch((error: unknown) => {
    // What `fetch` throws for a network that failed.
    throw error instanceof TypeError ? new UpstreamUnreachableError(true, error) : error;
  });
  const { ok, status, statusText } = response;
  const text = await response.text();
  if (ok) return text;
  const headers = Object.fromEntries(response.headers);
  const head = { status, statusText, headers: ['Content-Type', headers['content-type'] ?? 'text/plain'] };
  throw Object.assign(new UpstreamStatusError(head, Buffer.from(text), headers), { text });
}
