interface Waiter<T> {
  /** Asks for this one alone. */
  readonly ask: () => Promise<T>;
  readonly resolve: (value: T | Promise<T>) => void;
  readonly reject: (error: unknown) => void;
}

interface SharedCall<T> {
  readonly path: string;
  readonly abort: AbortController;
  readonly waiters: Set<Waiter<T>>;
}

/** How a call is shared. */
export interface Sharing<T> {
  readonly key: string;
  readonly path: string;
  /** Asks the backend; its signal aborts when nobody waits any more. */
  readonly ask: (signal: AbortSignal) => Promise<T>;
  /** Whether an answer is for all who wait for it, and not for one of them only. */
  readonly isShared: (answer: T) => boolean;
  /** Makes what one of those who wait gets of an answer. */
  readonly copy: (answer: T) => T;
  /** Hears of the answer after everybody has theirs, and whether it still holds. */
  readonly settled: (result: { ok: true; value: T } | { ok: false; error: unknown }, holds: boolean) => void;
}

/** Lets callers who ask the same thing at the same time wait for one answer. */
export class SharedCalls<T> {
  private readonly calls = new Map<string, SharedCall<T>>();
  /** How many callers did not have to ask themselves. */
  joined = 0;

  /** Waits for an answer that is on its way, or asks. One who stops waiting leaves the others alone. */
  share(sharing: Sharing<T>, signal: AbortSignal): Promise<T> {
    signal.throwIfAborted();
    const running = this.calls.get(sharing.key);
    if (running !== undefined) this.joined++;
    const call = running ?? { path: sharing.path, abort: new AbortController(), waiters: new Set() };
    const answer = this.wait(sharing, call, signal);
    if (running === undefined) {
      this.calls.set(sharing.key, call);
      void this.run(sharing, call);
    }
    return answer;
  }

  /** From now on nobody joins a call about a path that begins with something, and its answer holds no longer. */
  forget(prefix: string): void {
    for (const [key, { path }] of this.calls) if (path.startsWith(prefix)) this.calls.delete(key);
  }

  private wait({ key, ask }: Sharing<T>, call: SharedCall<T>, signal: AbortSignal): Promise<T> {
    return new Promise<T>((resolve, reject) => {
      const leave = () => {
        call.waiters.delete(waiter);
        signal.removeEventListener('abort', onAbort);
      };
      const onAbort = () => {
        const reason: unknown = signal.reason;
        leave();
        reject(reason);
        if (call.waiters.size > 0) return;
        this.drop(key, call);
        call.abort.abort(reason);
      };
      const waiter: Waiter<T> = {
        ask: () => ask(signal),
        resolve: (value) => (leave(), resolve(value)),
        reject: (error) => (leave(), reject(error)),
      };
      call.waiters.add(waiter);
      signal.addEventListener('abort', onAbort);
    });
  }

  private async run({ key, ask, isShared, copy, settled }: Sharing<T>, call: SharedCall<T>): Promise<void> {
    try {
      const value = await ask(call.abort.signal);
      const holds = this.drop(key, call);
      const [first, ...others] = call.waiters;
      first?.resolve(copy(value));
      for (const other of others) other.resolve(isShared(value) ? copy(value) : other.ask());
      settled({ ok: true, value }, holds);
    } catch (error) {
      const holds = this.drop(key, call);
      settled({ ok: false, error }, holds);
      for (const waiter of call.waiters) waiter.reject(error);
    }
  }

  /** @returns whether it was still the one that callers join */
  private drop(key: string, call: SharedCall<T>): boolean {
    if (this.calls.get(key) !== call) return false;
    return this.calls.delete(key);
  }
}
