import type { Head } from './upstream-call.ts';

/** The upstream could not be reached, or left before it answered. */
export class UpstreamUnreachableError extends Error {
  override readonly name = 'UpstreamUnreachableError';
  /** `ECONNREFUSED` says that nothing was sent, so that the retry may try even a POST again. */
  readonly code: 'ECONNREFUSED' | 'ECONNRESET';

  constructor(sent: boolean, cause: NodeJS.ErrnoException) {
    super(sent ? 'The upstream closed the connection' : 'The upstream does not accept connections', {
      cause,
    });
    this.code = sent ? 'ECONNRESET' : 'ECONNREFUSED';
  }
}

/** The upstream's answer ended before it was complete. */
export class UpstreamBrokeOffError extends Error {
  override readonly name = 'UpstreamBrokeOffError';

  constructor(cause: unknown) {
    super('The upstream broke off its answer', { cause });
  }
}

/** The upstream answered that it is in trouble. Its answer is kept: the client gets it if no retry mends it. */
export class UpstreamStatusError extends Error {
  override readonly name = 'UpstreamStatusError';
  readonly status: number;
  readonly head: Head;
  readonly body: Buffer;
  /** By name in lower case; the retry looks for Retry-After here. */
  readonly headers: Readonly<Record<string, string | readonly string[] | undefined>>;

  constructor(head: Head, body: Buffer, headers: UpstreamStatusError['headers']) {
    super(`The upstream answered ${head.status}`);
    this.status = head.status;
    this.head = head;
    this.body = body;
    this.headers = headers;
  }
}

/** The client sends more than this proxy takes. Says nothing about the upstream. */
export class BodyTooLargeError extends Error {
  override readonly name = 'BodyTooLargeError';
  /** Tells the retry that another attempt would not help. */
  readonly status = 413;

  constructor(maxBytes: number) {
    super(`The body of the request is larger than ${maxBytes} bytes`);
  }
}
