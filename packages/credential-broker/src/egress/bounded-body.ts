import { EgressError } from './egress-error.ts';

/** What is done with a body, besides handing it on. */
export interface BodyWatch {
  readonly maxBytes: number;
  /** Nothing is handed on once it aborts. */
  readonly signal?: AbortSignal;
  /** Hears of the end, whichever it was. */
  readonly onEnd: () => void;
  /** Says what an error of the connection means. */
  readonly asError: (error: unknown) => unknown;
}

/** Hands a body on as it is read, up to a number of bytes. */
export function boundedBody(body: ReadableStream<Uint8Array>, watch: BodyWatch): ReadableStream<Uint8Array> {
  const reader = body.getReader();
  let length = 0;
  return new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        try {
          const { done, value } = await reader.read();
          watch.signal?.throwIfAborted();
          if (done) return finish(() => controller.close());
          length += value.length;
          if (length > watch.maxBytes) throw tooLong(watch.maxBytes);
          controller.enqueue(value);
        } catch (error) {
          reader.cancel().catch(() => {});
          finish(() => controller.error(watch.asError(error)));
        }
      },
      async cancel(reason) {
        watch.onEnd();
        await reader.cancel(reason);
      },
    },
    { highWaterMark: 0 },
  );

  function finish(end: () => void): void {
    watch.onEnd();
    end();
  }
}

export const tooLong = (maxBytes: number) =>
  new EgressError('size', `the answer has more than ${maxBytes} bytes`);
