import { Buffer } from 'node:buffer';
import { integer, readOptions } from '@holdfast/pipeline';
import { Secret } from '../secret/secret.ts';
import { cleanDeep } from './clean-deep.ts';
import { NeedleIndex } from './needle-index.ts';
import { MARK, Redaction } from './redaction.ts';
import { formsOf } from './spellings.ts';

/** Options of {@link createRedactor}. */
export interface RedactorOptions {
  /** The shortest secret that can be registered, in bytes: a shorter one is met by chance. Default 6; at least 4. */
  readonly minLength?: number | undefined;
}

/** Cuts registered secrets out of whatever is about to leave. */
export interface Redactor {
  /**
   * Makes a secret known, as it is, in base64 (also url-safe, wherever in a longer text it begins, and in lines), in hex,
   * in percent escapes, as in a form, in escapes of JSON, of a backslash, of HTML and of quoted-printable, and in UTF-16.
   * It is remembered until it is unregistered, also when the {@link Secret} is disposed of: what was revealed may still
   * turn up, in an error above all.
   *
   * @returns a function that forgets it, and overwrites what was remembered
   * @throws {@link TypeError} when it is neither text nor bytes, or was disposed of
   * @throws {@link RangeError} when it is shorter than `minLength` or longer than 8 KiB
   */
  register(secret: Secret | string | Uint8Array): () => void;
  /** A text without secrets. */
  clean(text: string): string;
  /** Bytes without secrets; the same array when it has none. */
  cleanBytes(bytes: Uint8Array): Uint8Array;
  /**
   * A copy of a value for logs: every text in it, keys included, without secrets; errors as plain objects; what is no
   * JSON, is nested deeper than 32 levels, contains itself or cannot be read, as a word for it.
   */
  cleanDeep(value: unknown): unknown;
  /**
   * A stream that passes bytes on without secrets, also of those that come in pieces. What could be the beginning of
   * one is kept back until it is not.
   */
  stream(): TransformStream<Uint8Array, Uint8Array>;
}

const MAX_LENGTH = 8_192;

class IndexedRedactor implements Redactor {
  private readonly minLength: number;
  // Hidden from inspectors as well: it holds the secrets.
  readonly #needles = new NeedleIndex();

  constructor(minLength: number) {
    this.minLength = minLength;
  }

  register(secret: Secret | string | Uint8Array): () => void {
    const bytes = (secret instanceof Secret ? secret : new Secret(secret)).bytes();
    // Said without the value, which is a secret however short.
    if (bytes.length < this.minLength || bytes.length > MAX_LENGTH) {
      throw new RangeError(`register: secret must have ${this.minLength} to ${MAX_LENGTH} bytes`);
    }
    const forms = formsOf(bytes, this.minLength);
    for (const form of forms) this.#needles.add(form);
    return () => {
      for (const form of forms) {
        this.#needles.remove(form);
        form.fill(0);
      }
    };
  }

  clean(text: string): string {
    const bytes = Buffer.from(text);
    const clean = this.cleanBytes(bytes);
    return clean === bytes ? text : Buffer.from(clean).toString();
  }

  cleanBytes(bytes: Uint8Array): Uint8Array {
    const pieces = new Redaction(this.#needles).push(bytes, true);
    return pieces.includes(MARK) ? Buffer.concat(pieces) : bytes;
  }

  cleanDeep(value: unknown): unknown {
    return cleanDeep(value, (text) => this.clean(text));
  }

  stream(): TransformStream<Uint8Array, Uint8Array> {
    const redaction = new Redaction(this.#needles);
    const pass = (input: Uint8Array, isFinal: boolean, to: TransformStreamDefaultController<Uint8Array>) => {
      for (const piece of redaction.push(input, isFinal)) to.enqueue(piece);
    };
    return new TransformStream({
      transform: (input, to) => pass(input, false, to),
      flush: (to) => pass(new Uint8Array(0), true, to),
    });
  }
}

/**
 * Makes a redactor that knows no secret yet.
 *
 * @throws {@link TypeError} when an option is unknown or of the wrong type
 * @throws {@link RangeError} when `minLength` is out of bounds
 *
 * @example
 * ```ts
 * import { createRedactor, Secret } from '@holdfast/credential-broker';
 *
 * const redactor = createRedactor();
 * const forget = redactor.register(new Secret('correct horse'));
 * console.log(redactor.clean('password=correct+horse')); // password=[redacted]
 * forget();
 * ```
 */
export function createRedactor(options: RedactorOptions = {}): Redactor {
  const rules = { minLength: integer(4, MAX_LENGTH) };
  return new IndexedRedactor(readOptions('createRedactor', options, rules, { minLength: 6 }).minLength);
}
