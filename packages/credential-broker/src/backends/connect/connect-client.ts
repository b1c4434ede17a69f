import { retryAfterOf } from '@holdfast/retry';
import type { Clock } from '@holdfast/pipeline';
import type { Secret } from '../../secret/secret.ts';
import { BackendError } from '../backend-error.ts';
import { readBody } from './read-body.ts';

/** What a {@link ConnectClient} works with. */
export interface ConnectClientParts {
  readonly url: string;
  readonly token: Secret;
  readonly maxAnswerBytes: number;
  readonly clock: Clock;
}

/** Asks a Connect server, and tells apart what can go wrong. Nothing of an answer gets into an error. */
export class ConnectClient {
  private readonly parts: ConnectClientParts;

  constructor(parts: ConnectClientParts) {
    this.parts = parts;
  }

  /**
   * Reads JSON.
   *
   * @param path - from the root of the server; made of checked ids only
   */
  async json(path: string, signal: AbortSignal, filter?: string): Promise<unknown> {
    const query = filter === undefined ? '' : `?${new URLSearchParams({ filter }).toString()}`;
    const body = await this.bytes(`${path}${query}`, signal);
    try {
      return JSON.parse(Buffer.from(body).toString());
    } catch {
      // The parser's own error quotes the text, which may be a secret.
      throw new BackendError('invalid', 'the Connect server answered something that is not JSON');
    }
  }

  /** Reads whatever there is. */
  async bytes(path: string, signal: AbortSignal): Promise<Uint8Array> {
    try {
      const response = await this.request(path, signal);
      if (response.status === 200) return await readBody(response, this.parts.maxAnswerBytes);
      await response.body?.cancel();
      throw this.refusal(response);
    } catch (error) {
      if (signal.aborted) throw signal.reason;
      if (error instanceof BackendError) throw error;
      throw new BackendError('unavailable', 'the connection to the Connect server failed');
    }
  }

  private request(path: string, signal: AbortSignal): Promise<Response> {
    const { url, token } = this.parts;
    return fetch(`${url}${path}`, {
      headers: { authorization: `Bearer ${token.reveal()}`, accept: 'application/json, */*;q=0.5' },
      // A redirect would carry the token elsewhere.
      redirect: 'manual',
      signal,
    });
  }

  private refusal(response: Response): BackendError {
    const { status } = response;
    const said = `the Connect server answered ${status}`;
    const retryAfterMs = retryAfterOf(response, this.parts.clock);
    if (status === 401) return new BackendError('denied', `${said}: it does not take the token`);
    // Connect answers so for a moment while it takes up a change of what a token may see.
    if (status === 403) return new BackendError('denied', said, { transient: true });
    if (status === 404) return new BackendError('not-found', said);
    if (status === 429) return new BackendError('quota', said, { retryAfterMs });
    return new BackendError(status >= 500 ? 'unavailable' : 'invalid', said, { retryAfterMs });
  }
}
