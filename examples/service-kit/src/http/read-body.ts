import { Buffer } from 'node:buffer';
import type { IncomingMessage } from 'node:http';
import type { Clock } from '@holdfast/pipeline';
import { ProblemError } from './problem.ts';

/** How much, and for how long, a body is read. */
export interface BodyLimits {
  readonly maxBodyBytes: number;
  readonly bodyMs: number;
  readonly clock: Clock;
}

/**
 * Reads a body to its end.
 *
 * @param mediaType - what it must be; a parameter may say `charset=utf-8` and nothing else
 * @throws {@link ProblemError} when it is of another kind, compressed, too long or too slow
 */
export async function readBody(
  request: IncomingMessage,
  mediaType: RegExp,
  limits: BodyLimits,
): Promise<Buffer> {
  const { maxBodyBytes, bodyMs, clock } = limits;
  checkKind(request, mediaType);
  if (Number(request.headers['content-length']) > maxBodyBytes) throw tooLarge(maxBodyBytes);
  const late = new ProblemError('request-timeout', `The body took more than ${bodyMs} ms.`);
  return new Promise<Buffer>((resolve, reject) => {
    const parts: Buffer[] = [];
    let length = 0;
    const timer = clock.setTimer(() => fail(late), bodyMs);
    // The rest is not read: the answer closes the connection.
    const fail = (error: Error) => {
      timer.cancel();
      request.off('data', onData).pause();
      reject(error);
    };
    const onData = (part: Buffer) => {
      length += part.length;
      if (length > maxBodyBytes) fail(tooLarge(maxBodyBytes));
      else parts.push(part);
    };
    request.on('data', onData);
    request.once('end', () => {
      timer.cancel();
      resolve(Buffer.concat(parts));
    });
    request.once('error', (cause) => fail(new ProblemError('bad-request', 'The body broke off.', { cause })));
  });
}

function checkKind({ headers }: IncomingMessage, mediaType: RegExp): void {
  const { 'content-type': type = '', 'content-encoding': coding = 'identity' } = headers;
  // What is compressed has no size before it is read.
  if (coding !== 'identity')
    throw new ProblemError('unsupported-media-type', 'The body must not be compressed.');
  const [kind = '', ...parameters] = type.split(';').map((part) => part.trim().toLowerCase());
  const isUtf8 = parameters.every((parameter) => /^charset="?utf-8"?$/.test(parameter));
  if (!mediaType.test(kind) || !isUtf8)
    throw new ProblemError('unsupported-media-type', 'The body is of another kind than this route takes.');
}

const tooLarge = (maxBytes: number) =>
  new ProblemError('too-large', `The body has more than ${maxBytes} bytes.`);
