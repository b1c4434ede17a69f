import { BackendError } from '../backend-error.ts';

const tooLarge = () => new BackendError('invalid', 'the answer is larger than maxAnswerBytes');

/**
 * Reads a body to its end, and no further than a limit.
 *
 * @throws {@link BackendError} `invalid`, when it is larger
 */
export async function readBody(response: Response, maxBytes: number): Promise<Uint8Array> {
  if (Number(response.headers.get('content-length')) > maxBytes) {
    await response.body?.cancel();
    throw tooLarge();
  }
  const chunks: Uint8Array[] = [];
  let length = 0;
  // Leaving the loop cancels the body.
  for await (const chunk of response.body ?? []) {
    length += chunk.length;
    if (length > maxBytes) throw tooLarge();
    chunks.push(chunk);
  }
  return Buffer.concat(chunks, length);
}
