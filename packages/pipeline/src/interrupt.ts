import { reportListenerError } from './events.ts';

/** Where a call that nobody ended was ended: inside everything. A small integer, since a double field costs 16 B. */
export const NOT_ENDED = 2 ** 30 - 1;

/**
 * Everything a call needs to be ended early. Exists only for calls that can be ended: those with a scope, a deadline,
 * a caller's signal, or a driver around them.
 */
export class Interrupt {
  /** Position of the scope that ended the call; -1 when that was something outside its segment. */
  endedAt = NOT_ENDED;
  reason: unknown;
  /** Whether the caller was to settle at once. */
  strict = false;
  /** Set once the call has settled; nothing ends it after that. */
  closed = false;
  /** Whether the caller may have to settle before the operation does. */
  readonly racing: boolean;
  /** When the caller's deadline passes. */
  dueAtMs: number | undefined;
  /** When a stream delivered its first item. */
  respondedAtMs: number | undefined;
  controller: AbortController | undefined;
  /** Settles the caller early. */
  reject: ((reason: unknown) => void) | undefined;
  /** What else wants to know: sleeps, queues, the calls inside. */
  listeners: ((reason: unknown, strict: boolean) => void)[] | undefined;
  /** Lets go of the caller's signal and of the deadline's timer. */
  release: (() => void) | undefined;

  constructor(racing: boolean) {
    this.racing = racing;
  }

  /**
   * Ends the call at a scope, unless it has settled. Where several end it, the outermost gives the reason, and the
   * first strict one settles the caller.
   */
  end(scope: number, reason: unknown, strict: boolean): void {
    if (this.closed || (scope >= this.endedAt && (this.strict || !strict))) return;
    if (scope < this.endedAt) {
      this.endedAt = scope;
      this.reason = reason;
    }
    this.strict ||= strict;
    // Always with a prepared reason: the default one, a DOMException, costs 4 µs.
    this.controller?.abort(this.reason);
    for (const listener of [...(this.listeners ?? [])]) this.tell(listener, strict);
    if (strict) this.reject?.(this.reason);
  }

  /** A listener that throws must not keep the others, or the caller, waiting. */
  private tell(listener: (reason: unknown, strict: boolean) => void, strict: boolean): void {
    try {
      listener(this.reason, strict);
    } catch (error) {
      reportListenerError(console.error, error);
    }
  }

  onEnd(listener: (reason: unknown, strict: boolean) => void): () => void {
    if (this.endedAt !== NOT_ENDED) {
      this.tell(listener, false);
      return () => undefined;
    }
    (this.listeners ??= []).push(listener);
    return () => {
      const index = this.listeners?.indexOf(listener) ?? -1;
      if (index >= 0) this.listeners?.splice(index, 1);
    };
  }

  close(): void {
    this.closed = true;
    this.listeners = undefined;
    this.reject = undefined;
    this.release?.();
  }
}
