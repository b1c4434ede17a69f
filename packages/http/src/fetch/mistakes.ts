/** Errors that are the caller's doing: they say nothing about any server, and come again with every attempt. */
export class Mistakes {
  private readonly errors = new WeakSet<object>();

  has(error: unknown): boolean {
    return typeof error === 'object' && error !== null && this.errors.has(error);
  }

  /**
   * `fetch` throws a TypeError for a network that failed and for a request that cannot be. Only the platform knows which:
   * where it makes no request of the same, there is none.
   *
   * @param init - what was to be sent; nothing where it could not even be made
   */
  judge(error: unknown, input: RequestInfo | URL, init: RequestInit | undefined): void {
    if (!(error instanceof TypeError)) return;
    if (init === undefined || isPortBlocked(error) || !isRequest(input, init)) this.errors.add(error);
  }
}

/** No fetch asks the ports of mail, SSH and the like, which Node says in these words alone (Fetch Standard 2.9). */
function isPortBlocked({ cause }: TypeError): boolean {
  return cause instanceof Error && cause.message === 'bad port';
}

function isRequest(input: RequestInfo | URL, init: RequestInit): boolean {
  const { url, method } =
    typeof input === 'object' && 'method' in input ? input : { url: input, method: 'GET' };
  // A stream is gone once it was sent; another one stands for it.
  const isStream = typeof init.body === 'object' && init.body !== null && 'getReader' in init.body;
  try {
    new Request(url, { method, ...init, ...(isStream && { body: new ReadableStream() }) });
    return true;
  } catch {
    return false;
  }
}
