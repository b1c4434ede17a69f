import { inspect } from 'node:util';

const HIDDEN = '[secret]';
const encoder = new TextEncoder();
const decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

/**
 * A secret that shows itself to nobody who does not ask: not in logs, errors, JSON or the inspector.
 *
 * @example
 * ```ts
 * import { Secret } from '@holdfast/credential-broker';
 *
 * const secret = new Secret('hunter2');
 * console.log(`${secret}`); // [secret]
 * secret.reveal(); // hunter2
 * secret.dispose();
 * ```
 */
export class Secret {
  #bytes: Uint8Array | undefined;

  /**
   * @param value - bytes are copied; the caller's own are the caller's to clear
   * @throws {@link TypeError} when it is neither text nor bytes
   */
  constructor(value: string | Uint8Array) {
    if (typeof value !== 'string' && !(value instanceof Uint8Array)) {
      throw new TypeError('a secret must be text or bytes');
    }
    this.#bytes = typeof value === 'string' ? encoder.encode(value) : Uint8Array.from(value);
  }

  /**
   * The secret as text.
   *
   * @throws {@link TypeError} when it is disposed of, or is not UTF-8
   */
  reveal(): string {
    return decoder.decode(this.bytes());
  }

  /**
   * The secret itself, not a copy: cleared by {@link Secret.dispose}.
   *
   * @throws {@link TypeError} when it is disposed of
   */
  bytes(): Uint8Array {
    if (this.#bytes === undefined) throw new TypeError('the secret was disposed of');
    return this.#bytes;
  }

  /** Whether it was cleared. */
  get disposed(): boolean {
    return this.#bytes === undefined;
  }

  /** Overwrites the secret. Strings that were revealed are beyond reach: JavaScript cannot clear them. */
  dispose(): void {
    this.#bytes?.fill(0);
    this.#bytes = undefined;
  }

  [Symbol.dispose](): void {
    this.dispose();
  }

  toString(): string {
    return HIDDEN;
  }

  toJSON(): string {
    return HIDDEN;
  }

  [inspect.custom](): string {
    return HIDDEN;
  }
}
